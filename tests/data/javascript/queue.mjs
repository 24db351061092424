import { EventEmitter } from 'node:events';

/** A queue of jobs with a limit on how many run at once. */
export class Queue extends EventEmitter {
	#running = 0;
	#waiting = [];

	static from(jobs, limit) {
		const queue = new Queue(limit);
		for (const job of jobs) {
			queue.add(job);
		}
		return queue;
	}

	constructor(limit = 4) {
		super();
		if (limit < 1) {
			throw new RangeError('limit must be positive');
		}
		this.limit = limit;
	}

	get size() {
		// Those that run count as well.
		const waiting = this.#waiting.length;
		return waiting + this.#running;
	}

	add(job, { urgent = false } = {}) {
		return new Promise((resolve, reject) => {
			const entry = { job, resolve, reject };
			if (urgent) {
				this.#waiting.unshift(entry);
			} else {
				this.#waiting.push(entry);
			}
			this.#next();
		});
	}

	async #run(entry) {
		this.#running += 1;
		try {
			entry.resolve(await entry.job());
		} catch (error) {
			entry.reject(error);
			this.emit('failed', error);
		} finally {
			this.#running -= 1;
			this.#next();
		}
	}

	#next() {
		while (this.#running < this.limit) {
			const entry = this.#waiting.shift();
			if (entry === undefined) {
				break;
			}
			this.#run(entry);
		}
		if (this.size === 0) {
			this.emit('idle');
		}
	}
}

export function retry(job, times = 3) {
	let tries = 0;
	const attempt = async () => {
		try {
			return await job();
		} catch (error) {
			tries += 1;
			if (tries >= times) {
				throw error;
			}
			return attempt();
		}
	};
	return attempt;
}

export default Queue;

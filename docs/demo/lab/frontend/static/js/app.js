const { createApp } = Vue;

createApp({
    data() {
        return {
            live: false,
            timer: null,
            spectrum: [],
        };
    },
    methods: {
        startUtscLiveMonitoring() {
            this.live = true;
            this.timer = setInterval(() => this.loadSpectrum(), 1000);
        },
        stopUtscLiveMonitoring() {
            clearInterval(this.timer);
            this.timer = null;
            this.live = false;
        },
        async loadSpectrum() {
            const reply = await fetch('/api/capture', { method: 'POST' });
            this.spectrum = (await reply.json())?.samples ?? [];
        },
    },
}).mount('#app');

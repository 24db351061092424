// The front end of a small lab: an options object as Vue takes it.
const { createApp } = Vue;

const REFRESH = 5_000;

createApp({
  data() {
    return {
      modems: [],
      selected: null,
      live: false,
      timer: null,
      messages: { ok: 'ready', bad: "can't reach the agent" },
    };
  },

  computed: {
    online() {
      return this.modems.filter((modem) => modem.state === 'online');
    },
    title() {
      const count = this.online.length;
      if (count === 0) {
        return 'no modems';
      }
      return `${count} modem${count === 1 ? '' : 's'} online`;
    },
  },

  methods: {
    async load() {
      try {
        const response = await fetch('/api/modems?limit=100');
        if (!response.ok) {
          throw new Error(`status ${response.status}`);
        }
        this.modems = await response.json();
      } catch (error) {
        this.$toast?.error(this.messages.bad);
        console.error(error);
      } finally {
        this.loading = false;
      }
    },

    select(modem) {
      this.selected = modem;
      this.$emit('selected', modem?.mac ?? null);
      // The chart draws itself when the tab is visible.
      this.$nextTick(() => {
        this.$refs.chart?.draw({
          from: modem.first,
          to: modem.last,
        });
      });
    },

    startLiveMonitoring(interval = REFRESH) {
      if (this.timer) {
        clearInterval(this.timer);
      }
      this.live = true;
      this.timer = setInterval(() => {
        this.load();
      }, interval);
    },

    stopLiveMonitoring() {
      if (!this.timer) {
        return;
      }
      clearInterval(this.timer);
      this.timer = null;
      this.live = false;
      this.$toast?.success('monitoring stopped');
    },

    describe: function (modem) {
      switch (modem.state) {
        case 'online':
          return `${modem.mac} since ${modem.since}`;
        case 'ranging':
          return 'ranging';
        default:
          return modem.state.replace(/[_-]+/g, ' ');
      }
    },

    async remove(modem) {
      const sure = await this.confirm('Remove ' + modem.mac + '?');
      if (sure) {
        await fetch(`/api/modems/${encodeURIComponent(modem.mac)}`, { method: 'DELETE' });
        this.modems = this.modems.filter((other) => other !== modem);
      }
    },
  },

  mounted() {
    this.load();
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) {
        this.stopLiveMonitoring();
      }
    });
  },
}).mount('#app');

'use strict';
/* Times in the browser's zone, countdowns, live updates, charts and copying. Everything else works without this script. */
(() => {
  // The browser's regional variant of the page's language, for date formats.
  const spoken = document.documentElement.lang;
  const language = navigator.languages.find(l => l.slice(0, 2) === spoken.slice(0, 2)) || spoken;
  const token = document.body.dataset.csrf;

  const toast = document.getElementById('toast');
  let toastTimer;
  function say(text) {
    toast.textContent = text;
    toast.classList.add('shown');
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => toast.classList.remove('shown'), 2500);
  }

  // Times: converts the server's UTC to local time, with UTC on hover.
  const full = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
  // Omits the current year in lists.
  const brief = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' });
  function localise(root) {
    for (const time of root.querySelectorAll('time[datetime]:not([data-done])')) {
      const at = new Date(time.dateTime);
      time.dataset.done = '';
      if (time.dataset.countdown === undefined) {
        const listed = time.closest('td') && at.getFullYear() === new Date().getFullYear();
        time.textContent = (time.dataset.precise !== undefined ? clock : listed ? brief : full).format(at);
      }
      time.title = time.dateTime.replace('T', ' ').replace('Z', ' UTC');
    }
    for (const field of root.querySelectorAll('input[data-local-time]')) {
      const other = document.getElementById(field.dataset.localTime);
      if (other.value) {
        const at = new Date(other.value);
        field.value = new Date(at - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
      }
      field.addEventListener('input', () => {
        other.value = field.value ? new Date(field.value).toISOString() : '';
        other.dispatchEvent(new Event('change', { bubbles: true }));
      });
    }
  }

  // Countdowns, by the server's clock.
  const offset = Number(document.body.dataset.now || Date.now()) - Date.now();
  const unit = document.body.dataset.units.split(' ');
  function span(seconds) {
    const s = Math.ceil(seconds);
    const two = (great, greatUnit, small, smaller) => great + ' ' + greatUnit + (small ? ' ' + small + ' ' + smaller : '');
    if (s < 60) return s + ' ' + unit[0];
    if (s < 3600) return two(Math.floor(s / 60), unit[1], s % 60, unit[0]);
    if (s < 86400) return two(Math.floor(s / 3600), unit[2], Math.floor(s % 3600 / 60), unit[1]);
    return two(Math.floor(s / 86400), unit[3], Math.floor(s % 86400 / 3600), unit[2]);
  }
  function count() {
    for (const time of document.querySelectorAll('time[data-countdown]')) {
      const left = (new Date(time.dateTime) - Date.now() - offset) / 1000;
      const text = left > 0 ? time.dataset.countdown.replace('{0}', span(left)) : time.dataset.now;
      if (time.textContent !== text) time.textContent = text;
    }
  }

  function prepare(root) {
    localise(root);
    count();
  }

  // Live updates: the server sends changed parts; paused while the page is hidden.
  function live(host) {
    let source;
    let failed = false;
    const open = () => {
      if (source || document.hidden) return;
      source = new EventSource(host.dataset.live);
      source.addEventListener('parts', event => {
        failed = false;
        host.classList.remove('stale');
        const parts = JSON.parse(event.data);
        for (const [id, html] of Object.entries(parts)) replace(id, html);
      });
      source.addEventListener('history', event => charts.begin(JSON.parse(event.data)));
      source.addEventListener('point', event => charts.add(JSON.parse(event.data)));
      source.onerror = () => {
        if (!failed) say(document.body.dataset.failed);
        failed = true;
        host.classList.add('stale');
        if (source && source.readyState === EventSource.CLOSED) {
          close();
          setTimeout(open, 3000);
        }
      };
    };
    const close = () => {
      if (source) source.close();
      source = undefined;
    };
    document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()));
    addEventListener('pagehide', close);
    open();
  }
  function replace(id, html) {
    const part = document.getElementById(id);
    if (!part) return;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
    part.innerHTML = html;
    prepare(part);
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  // Charts.
  const charts = (() => {
    const drawn = new Map();
    let data = null;
    const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    function resolve(name) {
      const probe = document.createElement('span');
      probe.hidden = true;
      probe.className = 'colour-' + name;
      document.body.append(probe);
      const value = getComputedStyle(probe).color;
      probe.remove();
      return value;
    }
    const tick = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    function short(value) {
      if (value === null || value === undefined) return '';
      if (value >= 1e6) return (value / 1e6).toFixed(1) + ' M';
      if (value >= 1e4) return Math.round(value / 1e3) + ' k';
      return value >= 100 || Number.isInteger(value) ? String(Math.round(value)) : value.toFixed(1);
    }
    // Shows 1,000 ms and more in seconds.
    function measured(value, unit) {
      if (unit !== ' ms' || !(value >= 1e3)) return short(value) + (value ? unit : '');
      return short(value / 1e3) + ' s';
    }
    // Starts at the first data point, but shows at least five minutes.
    function since(u, min, max) {
      const first = data.t.findIndex((t, i) => data.backlog[i] !== null || data.p50[i] !== null);
      return [Math.min(first < 0 ? max : Math.max(min, data.t[first] - 10), max - 300), max];
    }
    function draw(host) {
      const names = host.dataset.series.split(' ');
      const labels = host.dataset.labels.split('¦');
      const colours = host.dataset.colours.split(' ');
      const unit = host.dataset.unit || '';
      const axis = { stroke: resolve('muted'), grid: { stroke: resolve('line'), width: 1 }, ticks: { show: false }, font: '11px system-ui', gap: 6 };
      const chart = new uPlot({
        width: host.clientWidth, height: 180,
        legend: { live: true },
        cursor: { y: false, points: { size: 6 }, sync: { key: 'overview' } },
        scales: { x: { time: true, range: since }, y: { range: (u, min, max) => [0, Math.max(max || 0, 1) * 1.08] } },
        axes: [
          { ...axis, size: 30, grid: { show: false }, values: (u, at) => at.map(t => tick.format(new Date(t * 1000))), space: 70 },
          { ...axis, size: 48, values: (u, at) => at.map(v => measured(v, unit)), space: 34 },
        ],
        series: [
          { value: (u, t) => (t === null || t === undefined ? '' : clock.format(new Date(t * 1000)).slice(0, 8)), label: host.dataset.time },
          ...names.map((name, i) => ({
            label: labels[i], stroke: resolve(colours[i]), width: 1.75,
            fill: i === 0 && host.dataset.fill !== undefined ? resolve(colours[i] + '-soft') : undefined,
            points: { show: false }, value: (u, value) => measured(value, unit),
          })),
        ],
      }, rows(names), host);
      chart.root.setAttribute('aria-hidden', 'true');
      drawn.set(host, { chart, names });
    }
    const rows = names => [data.t, ...names.map(name => data[name])];
    function drawAll() {
      for (const { chart } of drawn.values()) chart.destroy();
      drawn.clear();
      if (data) document.querySelectorAll('[data-series]').forEach(draw);
    }
    const resized = new ResizeObserver(entries => {
      for (const { target } of entries) drawn.get(target)?.chart.setSize({ width: target.clientWidth, height: 180 });
    });
    document.querySelectorAll('[data-series]').forEach(host => resized.observe(host));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
    return {
      begin(history) {
        data = history;
        drawAll();
      },
      add(point) {
        if (!data) return;
        const last = data.t.length - 1;
        const again = data.t[last] === point.t;
        for (const name of Object.keys(data)) {
          if (again) data[name][last] = point[name];
          else {
            data[name].push(point[name]);
            data[name].shift();
          }
        }
        for (const { chart, names } of drawn.values()) chart.setData(rows(names));
      },
    };
  })();

  // htmx: adds the CSRF token to every change; pauses polling while the page is hidden.
  document.body.addEventListener('htmx:configRequest', event => {
    event.detail.headers['X-CSRF-Token'] = token;
  });
  document.body.addEventListener('htmx:beforeRequest', event => {
    const polls = (event.detail.elt.getAttribute('hx-trigger') || '').startsWith('every');
    if (polls && document.hidden) event.preventDefault();
  });
  // Keeps details open when their part of the page is replaced.
  let unfolded = [];
  document.body.addEventListener('htmx:beforeSwap', () => {
    unfolded = [...document.querySelectorAll('details[open][id]')].map(details => details.id);
  });
  document.body.addEventListener('htmx:afterSwap', event => {
    for (const id of unfolded) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    prepare(event.detail.elt.parentElement || document.body);
  });
  // Omits empty fields from the address of a search.
  document.body.addEventListener('htmx:configRequest', event => {
    if (event.detail.verb !== 'get') return;
    for (const [name, value] of Object.entries(event.detail.parameters)) {
      if (value === '') delete event.detail.parameters[name];
    }
  });
  document.body.addEventListener('htmx:responseError', () => say(document.body.dataset.failed));

  document.addEventListener('click', event => {
    const opener = event.target.closest('[data-opens]');
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    const closer = event.target.closest('[data-closes]');
    if (closer) closer.closest('dialog').close();
    const copier = event.target.closest('[data-copies]');
    if (copier) copy(copier).catch(() => say(document.body.dataset.failed));
  });
  async function copy(button) {
    const what = button.dataset.copies;
    const text = what.startsWith('/')
      ? await fetch(what, { headers: { 'HX-Request': 'true' } }).then(r => (r.ok ? r.text() : Promise.reject(r.status)))
      : document.getElementById(what).textContent;
    await navigator.clipboard.writeText(text);
    say(document.body.dataset.copied);
  }

  prepare(document);
  setInterval(count, 500);
  document.querySelectorAll('[data-live]').forEach(live);

  // The demo's link has the key in the fragment, which is not sent to servers: removes it from the address and signs in. On loopback only, so that
  // links from elsewhere cannot sign in.
  const bringsKey = location.hash.startsWith('#key=');
  const brought = location.hash.slice('#key='.length);
  if (bringsKey) {
    history.replaceState(null, '', location.pathname + location.search);
    const field = document.getElementById('key');
    if (field && ['127.0.0.1', '[::1]', 'localhost'].includes(location.hostname)) {
      field.value = brought;
      field.form.submit();
    }
  }
})();

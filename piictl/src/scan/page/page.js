'use strict';
// Without this script the page shows the same totals and the riskiest places. With it they can be searched.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const LEVELS = ['critical', 'high', 'medium', 'low'];
  const STEP = 200;
  const number = new Intl.NumberFormat('en-US');
  const columns = {
    severity: (f) => f.severity,
    type: (f) => f.type,
    path: (f) => f.path,
    shape: (f) => f.shape,
    count: (f) => f.count,
    file: (f) => fileName(f),
  };
  const findings = data.findings.map(([file, severity, type, path, shape, count], risk) =>
    ({ file, severity, type, path, shape, count, risk }));
  const state = { text: '', type: '', file: '', severity: '', sort: '', descending: false, shown: STEP };

  const element = (id) => document.getElementById(id);
  const fileName = (finding) => (finding.file < 0 ? '(others)' : data.files[finding.file]);

  function make(tag, text, className) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function matches(finding) {
    return (!state.type || finding.type === state.type)
      && (state.file === '' || finding.file === Number(state.file))
      && (state.severity === '' || finding.severity === Number(state.severity))
      && (!state.text || `${finding.path}\n${finding.type}\n${finding.shape}\n${fileName(finding)}`
        .toLowerCase().includes(state.text));
  }

  function sorted(found) {
    if (!state.sort) return found;
    const value = columns[state.sort];
    const sign = state.descending ? -1 : 1;
    return found.sort((a, b) => {
      const x = value(a);
      const y = value(b);
      return x < y ? -sign : x > y ? sign : a.risk - b.risk;
    });
  }

  function rowOf(finding) {
    const row = make('tr', undefined, LEVELS[finding.severity]);
    const badge = make('td');
    badge.append(make('span', LEVELS[finding.severity], 'badge'));
    const path = make('td');
    path.append(make('code', finding.path || '(text)'));
    const shape = make('td');
    shape.append(make('code', finding.shape));
    row.append(badge, make('td', finding.type, 'type'), path, shape,
      make('td', number.format(finding.count), 'number'));
    if (data.files.length > 1) {
      const file = make('td');
      file.append(make('code', fileName(finding)));
      row.append(file);
    }
    return row;
  }

  function render() {
    const found = sorted(findings.filter(matches));
    const visible = found.slice(0, state.shown);
    element('places').replaceChildren(...visible.map(rowOf));
    const values = found.reduce((sum, finding) => sum + finding.count, 0);
    element('status').textContent = found.length === 0
      ? 'Nothing here fits the filters.'
      : `${number.format(values)} values at ${number.format(found.length)} ${found.length === 1 ? 'place' : 'places'}`
        + (found.length === findings.length ? '.' : `, of ${number.format(findings.length)}.`);
    element('more').hidden = visible.length === found.length;
    element('more-text').textContent = `${number.format(visible.length)} of ${number.format(found.length)} are shown. `;
    for (const button of document.querySelectorAll('.chart button')) {
      button.setAttribute('aria-pressed', String(button.dataset.type === state.type));
    }
    for (const head of document.querySelectorAll('#table th')) {
      if (head.dataset.column === state.sort) {
        head.setAttribute('aria-sort', state.descending ? 'descending' : 'ascending');
      } else {
        head.removeAttribute('aria-sort');
      }
    }
  }

  function change(changes) {
    Object.assign(state, { shown: STEP }, changes);
    render();
  }

  function fill(select, all, entries) {
    select.replaceChildren(...[['', all], ...entries].map(([value, text]) => {
      const option = make('option', text);
      option.value = value;
      return option;
    }));
  }

  const types = [...new Set(findings.map((finding) => finding.type))].sort();
  fill(element('type'), 'all', types.map((type) => [type, type]));
  fill(element('file'), 'all', data.files.map((name, index) => [String(index), name]));
  fill(element('severity'), 'all', LEVELS.map((name, index) => [String(index), name]));
  element('file').parentElement.hidden = data.files.length < 2;
  element('text').addEventListener('input', (event) => change({ text: event.target.value.trim().toLowerCase() }));
  for (const id of ['type', 'file', 'severity']) {
    element(id).addEventListener('change', (event) => change({ [id]: event.target.value }));
  }
  element('filters').addEventListener('submit', (event) => event.preventDefault());
  element('filters').addEventListener('reset', () =>
    change({ text: '', type: '', file: '', severity: '', sort: '', descending: false }));
  element('more-button').addEventListener('click', () => {
    state.shown += 5 * STEP;
    render();
  });
  for (const label of document.querySelectorAll('.chart dt')) {
    const button = make('button', label.textContent);
    button.type = 'button';
    button.dataset.type = label.textContent;
    button.addEventListener('click', () => {
      const type = state.type === button.dataset.type ? '' : button.dataset.type;
      element('type').value = type;
      change({ type });
    });
    label.replaceChildren(button);
  }
  for (const head of document.querySelectorAll('#table th')) {
    const button = make('button', head.textContent);
    button.type = 'button';
    button.addEventListener('click', () => {
      const column = head.dataset.column;
      const again = state.sort === column;
      change({ sort: column, descending: again ? !state.descending : column === 'count' });
    });
    head.replaceChildren(button);
  }
  element('filters').hidden = false;
  render();
})();

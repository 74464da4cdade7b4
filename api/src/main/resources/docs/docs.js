'use strict';

/** Renders /openapi.json as a list of operations. */
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function resolve(document_, node) {
  if (!node || !node.$ref) return node;
  return node.$ref.slice(2).split('/').reduce((at, step) => at[step], document_);
}

/** The type of a schema in one line. */
function type(document_, schema) {
  if (!schema) return '';
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const parts = schema.oneOf || schema.anyOf || schema.allOf;
  if (parts) return parts.map(part => type(document_, part)).join(schema.allOf ? ' & ' : ' | ');
  if (schema.type === 'array') return type(document_, schema.items) + '[]';
  return [].concat(schema.type || 'any').join(' | ');
}

function members(document_, schema) {
  const found = resolve(document_, schema);
  if (!found) return [];
  const own = Object.entries(found.properties || {}).map(([name, value]) => [
    name, type(document_, value), (found.required || []).includes(name), describe(document_, value)]);
  return (found.allOf || []).flatMap(part => members(document_, part)).concat(own);
}

function describe(document_, schema) {
  return schema.description || (resolve(document_, schema) || {}).description || '';
}

function table(heads, rows) {
  const made = element('table');
  const head = made.createTHead().insertRow();
  heads.forEach(text => head.append(element('th', text)));
  const body = made.createTBody();
  rows.forEach(cells => {
    const row = body.insertRow();
    cells.forEach((text, i) => {
      const cell = row.insertCell();
      cell.append(i < 2 ? element('code', String(text)) : document.createTextNode(String(text)));
    });
  });
  return made;
}

function content(document_, node, into) {
  Object.entries((node && node.content) || {}).forEach(([media, value]) => {
    into.append(element('p', media + (value.schema ? ': ' + type(document_, value.schema) : '')));
    const rows = members(document_, value.schema)
      .map(([name, kind, required, about]) => [name, kind, required ? 'required' : '', about]);
    if (rows.length) into.append(table(['member', 'type', '', ''], rows));
    const examples = value.example !== undefined ? [value.example]
      : Object.values(value.examples || {}).map(example => resolve(document_, example).value);
    examples.forEach(example => into.append(
      element('pre', typeof example === 'string' ? example : JSON.stringify(example, null, 2))));
  });
}

function operation(document_, path, method, shared, described) {
  const made = element('details');
  const summary = element('summary');
  summary.append(element('code', method.toUpperCase(), 'method'), element('code', path),
    element('span', described.summary || '', 'about'));
  made.append(summary);
  if (described.description) made.append(element('p', described.description));
  const parameters = shared.concat(described.parameters || []).map(each => resolve(document_, each));
  if (parameters.length) {
    made.append(element('h4', 'Parameters'), table(['name', 'type', 'in', ''], parameters.map(each =>
      [each.name, type(document_, each.schema), each.in, each.description || ''])));
  }
  const body = resolve(document_, described.requestBody);
  if (body) {
    made.append(element('h4', 'Request'));
    content(document_, body, made);
  }
  Object.entries(described.responses || {}).forEach(([status, response]) => {
    const found = resolve(document_, response);
    made.append(element('h4', status + ' ' + (found.description || '')));
    if (status < '400') content(document_, found, made);
  });
  return made;
}

function show(document_) {
  document.getElementById('version').textContent = document_.info.version;
  const main = document.getElementById('operations');
  main.replaceChildren();
  const groups = new Map();
  Object.entries(document_.paths).forEach(([path, item]) => METHODS.filter(method => item[method]).forEach(method => {
    const tag = (item[method].tags || ['Other'])[0];
    if (!groups.has(tag)) groups.set(tag, []);
    groups.get(tag).push(operation(document_, path, method, item.parameters || [], item[method]));
  }));
  groups.forEach((all, tag) => {
    const section = element('section');
    section.append(element('h2', tag), ...all);
    main.append(section);
  });
  document.getElementById('filter').addEventListener('input', event => {
    const wanted = event.target.value.trim().toLowerCase();
    main.querySelectorAll('details').forEach(each => {
      each.hidden = !each.querySelector('summary').textContent.toLowerCase().includes(wanted);
    });
    main.querySelectorAll('section').forEach(each => {
      each.hidden = !each.querySelector('details:not([hidden])');
    });
  });
}

fetch('/openapi.json')
  .then(response => response.json())
  .then(show)
  .catch(() => document.getElementById('operations').replaceChildren(
    element('p', 'The document could not be loaded.')));

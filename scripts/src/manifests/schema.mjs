// Which fields objects of Kubernetes have, and of what type: what an API server says of itself (OpenAPI), as far as manifests here use it. schema.json
// keeps it, so that a misspelled field is found without a server; `make prove-kubernetes` holds it against a real one.
import { title } from './cluster.mjs';

/** What a field is: a type of JSON, "any", the name of a definition, [what its entries are], {"*": what its values are}, or {a, b: its choices}. */
const BASIC = ['string', 'integer', 'number', 'boolean'];

/** The part of an OpenAPI document (version 2) that kinds use: {kinds: {Kind: definition}, definitions: {name: {fields, required}}}. */
export function schemaOf({ definitions }, wanted) {
  const kinds = {};
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      if (wanted[kind] === [group, version].filter(Boolean).join('/')) kinds[kind] = name;
    }
  }
  const found = {};
  const visit = (name) => {
    if (name in found) return;
    found[name] = undefined;
    found[name] = fieldsOf(definitions[name], visit);
  };
  Object.values(kinds).forEach(visit);
  const sorted = (of) => Object.fromEntries(Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1)));
  return { kinds: sorted(kinds), definitions: sorted(found) };
}

function fieldsOf(definition, visit) {
  const fields = Object.entries(definition.properties ?? {}).map(([name, one]) => [name, typeOf(one, visit)]);
  // Quantities, ports that are a name or a number, and whatever has no fields of its own.
  if (fields.length === 0) return 'any';
  return { fields: Object.fromEntries(fields), ...(definition.required && { required: definition.required }) };
}

function typeOf({ $ref, type, format, items, enum: choices, properties, additionalProperties, ...rest }, visit) {
  if ($ref) {
    const name = $ref.replace('#/definitions/', '');
    visit(name);
    return { is: name };
  }
  if (rest['x-kubernetes-int-or-string'] || format === 'int-or-string') return 'any';
  if (type === 'array') return [typeOf(items ?? {}, visit)];
  if (properties) return fieldsOf({ properties, required: rest.required }, visit);
  if (additionalProperties) return { '*': typeOf(additionalProperties === true ? {} : additionalProperties, visit) };
  if (choices) return { choices };
  return BASIC.includes(type) ? type : 'any';
}

/** Every field that the server does not know, that it wants and that is missing, or that is of another type. */
export function schema(world, { schema }) {
  return world.objects.flatMap((object) => {
    const name = schema.kinds[object.kind];
    return name ? wrong(object, { is: name }, schema, title(object), '') : [];
  });
}

function wrong(value, type, schema, of, path) {
  if (type.is) return wrong(value, schema.definitions[type.is], schema, of, path);
  // An empty value is no value.
  if (type === 'any' || value === null || value === undefined) return [];
  if (typeof type === 'string') return basic(value, type) ? [] : [`${of} has ${JSON.stringify(value)} at ${path}, where ${articled(type)} has to be`];
  if (type.choices)
    return type.choices.includes(value) ? [] : [`${of} has ${JSON.stringify(value)} at ${path}, which is none of ${type.choices.join(', ')}`];
  if (Array.isArray(type)) {
    if (!Array.isArray(value)) return [`${of} has no list at ${path}`];
    return value.flatMap((one, at) => wrong(one, type[0], schema, of, `${path}[${at}]`));
  }
  if (typeof value !== 'object' || Array.isArray(value)) return [`${of} has ${JSON.stringify(value)} at ${path}, where fields have to be`];
  if (type['*']) return Object.entries(value).flatMap(([key, one]) => wrong(one, type['*'], schema, of, `${path}.${key}`));
  return [
    ...Object.keys(value)
      .filter((key) => !(key in type.fields))
      .map((key) => `${of} has the field ${`${path}.${key}`.slice(1)}, which Kubernetes does not know`),
    ...(type.required ?? [])
      .filter((key) => value[key] === undefined || value[key] === null)
      .map((key) => `${of} lacks the field ${`${path}.${key}`.slice(1)}`),
    ...Object.keys(value)
      .filter((key) => key in type.fields)
      .flatMap((key) => wrong(value[key], type.fields[key], schema, of, `${path}.${key}`)),
  ];
}

const articled = (type) => `${type === 'integer' ? 'an' : 'a'} ${type}`;

function basic(value, type) {
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

// Holds values against JSON schemas: a file of {schema, value, fits}; says which did not come out as expected.
'use strict';
const fs = require('fs');
const Draft7 = require('ajv');
const Draft2020 = require('ajv/dist/2020');

const made = {};
function validator(path) {
  if (!made[path]) {
    const schema = JSON.parse(fs.readFileSync(path, 'utf8'));
    const Ajv = schema.$schema.includes('2020') ? Draft2020 : Draft7;
    made[path] = new Ajv({ strict: false, allErrors: false }).compile(schema);
  }
  return made[path];
}

const cases = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
let wrong = 0;
for (const { schema, value, fits } of cases) {
  const validate = validator(schema);
  if (validate(value) !== fits) {
    wrong++;
    console.log(schema, fits ? 'refuses' : 'takes', JSON.stringify(value).slice(0, 300), JSON.stringify(validate.errors));
  }
}
console.log(wrong ? `${wrong} of ${cases.length} not as expected` : `${cases.length} as expected`);
process.exit(wrong ? 1 : 0);

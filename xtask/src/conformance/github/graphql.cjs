// Judges a GraphQL document: `node graphql.cjs MODULE SCHEMA FILE`. One line per mistake; exit code 1 when there is one.
const fs = require("node:fs");
const [module_, schema, file] = process.argv.slice(2);
const { buildSchema, parse, validate } = require(module_);

const read = (path) => fs.readFileSync(path, "utf8");
const errors = validate(buildSchema(read(schema), { assumeValid: true }), parse(read(file)));
for (const { message } of errors) console.error(message);
process.exit(errors.length > 0 ? 1 : 0);

// What differs from variant to variant stands in variant.json.
module.exports = require("./variant.json");

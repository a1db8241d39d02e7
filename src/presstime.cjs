#!/usr/bin/env node
// Plain CommonJS, so that an old Node can read it far enough to say what is wrong.
const [major] = process.versions.node.split('.').map(Number);
if (major < 26) {
  process.stderr.write(
    `presstime needs Node 26 and this is ${process.versions.node}. One came with npm: run it as "npm start" or ` +
      '"npm run presstime -- …" after "npm ci" (without --ignore-scripts).\n',
  );
  process.exit(1);
}
require('node:module').enableCompileCache(); // a third of the time to the first word
import('./cli/main.ts').then(({ main }) => main(process.argv.slice(2)));

// Holds SARIF documents to the schema of OASIS, as Microsoft's matchers for Jest carry it, with
// the validator that they use. Prints a line of JSON for each fault.
//
//   node sarif.mjs --modules DIR FILE…

import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { parseArgs } from 'node:util'

const { values: options, positionals: files } = parseArgs({
    allowPositionals: true,
    options: { modules: { type: 'string' } },
})
const matchers = path.resolve(options.modules, '@microsoft/jest-sarif/lib')
const of = createRequire(path.join(matchers, 'index.js'))
const read = file => JSON.parse(fs.readFileSync(file, 'utf8'))

const Ajv = of('ajv')
const ajv = new Ajv({ allErrors: true, schemaId: 'auto', format: 'full', logger: false })
ajv.addMetaSchema(of('ajv/lib/refs/json-schema-draft-04.json'))
const holds = ajv.compile(read(path.join(matchers, 'schemas/sarif-2.1.0-rtm.5.json')))
for (const file of files) {
    if (holds(read(file))) continue
    for (const { dataPath, message } of holds.errors) {
        console.log(JSON.stringify({ file, at: dataPath, message }))
    }
}

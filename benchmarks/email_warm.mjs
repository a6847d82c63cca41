// MJML → HTML → styles inlined, again and again in one process; prints the milliseconds of each round as JSON.
// Arguments: the MJML file, the number of rounds, the folder that holds node_modules.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [file, rounds, folder] = process.argv.slice(2)
const require = createRequire(`${folder}/package.json`)
const mjml = require('mjml')
const { default: juice } = await import(pathToFileURL(require.resolve('juice')).href)
const source = readFileSync(file, 'utf8')
const taken = []
for (let round = 0; round < Number(rounds); round += 1) {
  const began = performance.now()
  const { html, errors } = await mjml(source)
  const finished = juice(html)
  taken.push(performance.now() - began)
  if (errors.length > 0 || !finished.includes('<html')) throw new Error(`mjml: ${JSON.stringify(errors).slice(0, 400)}`)
}
console.log(JSON.stringify(taken))

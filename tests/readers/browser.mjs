// Chromium, which reaches nothing but the loopback.

import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

function chromium() {
    const names = ['chromium', 'chromium-browser', 'google-chrome']
    const folders = (process.env.PATH ?? '').split(path.delimiter)
    const programs = names.flatMap(name => folders.map(folder => path.join(folder, name)))
    const program = programs.find(program => fs.existsSync(program))
    if (!program) throw new Error('Chromium is not installed: see tests/tools.sh')
    return program
}

// Starts it by the Puppeteer of these `node_modules`.
export function launch(modules) {
    const puppeteer = createRequire(path.join(path.resolve(modules), 'x'))('puppeteer-core')
    return puppeteer.launch({
        executablePath: chromium(),
        protocolTimeout: 600_000,
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars',
            '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    })
}

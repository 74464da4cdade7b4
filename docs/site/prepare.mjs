// Copies the Markdown documents of the repository into the sources of the site: every page in both languages, with
// links between them. The documents themselves stay as GitHub shows them.
//
//   node prepare.mjs REPOSITORY WORK
//
// Fails if a link leads nowhere, or a document is in no section of navigation.json.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const [repository, work] = process.argv.slice(2)
const here = dirname(fileURLToPath(import.meta.url))
const navigation = JSON.parse(readFileSync(join(here, 'navigation.json'), 'utf8'))
// Where the source code can be read; without it, links to source files become plain text.
const sources = process.env.SITE_SOURCE_URL
const FENCE = /^(\s*)(```|~~~)/
const LINK = /(!?)\[((?:[^\]\\]|\\.|\[[^\]]*\])*)\]\(([^)\s]+)\)/g
const faults = []

// A document and its languages.
const documents = Object.values(navigation.en)
  .flat()
  .flatMap((entry) =>
    statSync(join(repository, entry)).isDirectory()
      ? readdirSync(join(repository, entry)).filter(isEnglish).sort().map((name) => posix.join(entry, name))
      : [entry],
  )
const pages = new Map([...new Set(documents)].map((source) => [source, page(source)]))

function isEnglish(name) {
  return name.endsWith('.md') && !name.endsWith('.zh-CN.md') && name !== 'README.md'
}

// The path of a document's page in the site: docs/guides/x.md is guides/x.md.
function page(source) {
  if (source === 'README.md') {
    return 'introduction.md'
  }
  return source
    .replace(/^docs\//, '')
    .replace(/README\.md$/, 'index.md')
    .replace(/^[A-Z_]+\.md$/, (name) => name.toLowerCase().replaceAll('_', '-'))
}

function chinese(source) {
  return source.replace(/\.md$/, '.zh-CN.md')
}

function has(source) {
  return existsSync(join(repository, source))
}

function linked(text, image, target, source, language) {
  if (/^([a-z]+:|#)/.test(target)) {
    return `${image}[${text}](${target})`
  }
  const [path, anchor] = target.split('#')
  let found = posix.normalize(posix.join(posix.dirname(source), decodeURIComponent(path)))
  if (!has(found)) {
    faults.push(`${source}: ${target} leads nowhere`)
    return text
  }
  const suffix = anchor ? '#' + anchor : ''
  if (/\.(png|svg)$/.test(found)) {
    const file = join(work, 'public', found)
    mkdirSync(dirname(file), { recursive: true })
    cpSync(join(repository, found), file)
    return image ? `![${text}](/${found})` : `[${text}](/${found}){target="_self"}`
  }
  if (statSync(join(repository, found)).isDirectory() && pages.has(posix.join(found, 'README.md'))) {
    found = posix.join(found, 'README.md')
  }
  const other = found.endsWith('.zh-CN.md')
  const english = other ? found.replace(/\.zh-CN\.md$/, '.md') : found
  if (pages.has(english)) {
    // Links stay in the reader's language, unless they lead to the other language of the same document, or have an
    // anchor in the other one.
    const translation = source.endsWith('.zh-CN.md') && chinese(english) === source
    const inChinese = other || (language === 'zh' && !translation && !(anchor && has(chinese(english))))
    return `[${text}](/${inChinese ? 'zh/' : ''}${pages.get(english)}${suffix})`
  }
  return sources ? `[${text}](${sources.replace(/\/$/, '')}/${found})` : text
}

function converted(source, language) {
  let fence = null
  return readFileSync(join(repository, source), 'utf8')
    .split('\n')
    .map((line) => {
      const mark = FENCE.exec(line)
      if (mark) {
        fence = fence === null ? mark[2] : fence === mark[2] ? null : fence
        return line
      }
      return fence === null
        ? line.replace(LINK, (_, image, text, target) => linked(text, image, target, source, language))
        : line
    })
    .join('\n')
}

function write(path, text) {
  const file = join(work, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function title(source) {
  if (source.startsWith('README.')) {
    return source === 'README.md' ? 'Introduction' : '项目介绍'
  }
  return /^# (.+)$/m.exec(readFileSync(join(repository, source), 'utf8'))[1].replaceAll('`', '')
}

const titles = { en: {}, zh: {} }
for (const [source, target] of pages) {
  write(target, converted(source, 'en'))
  titles.en[source] = title(source)
  const translated = has(chinese(source))
  const text = converted(translated ? chinese(source) : source, 'zh')
  write('zh/' + target, translated ? text : '::: info\n本页暂无中文版，以下为英文原文。\n:::\n\n' + text)
  titles.zh[source] = title(translated ? chinese(source) : source)
}

// The sidebar of each language; a folder stands for its documents that are not listed beside it.
const sidebars = {}
for (const [language, sections] of Object.entries(navigation)) {
  sidebars[language] = Object.entries(sections).map(([text, entries]) => ({
    text,
    collapsed: entries.some((entry) => entry === 'docs/adr'),
    items: documents
      .filter((source) => entries.includes(source) || entries.includes(posix.dirname(source)))
      .map((source) => ({
        text: titles[language][source],
        link: (language === 'en' ? '/' : '/zh/') + pages.get(source).replace(/(index)?\.md$/, ''),
      })),
  }))
}
write('.vitepress/sidebars.json', JSON.stringify(sidebars))

for (const folder of ['docs', 'docs/guides', 'docs/channels', 'docs/recipes', 'docs/adr']) {
  for (const name of readdirSync(join(repository, folder)).filter(isEnglish)) {
    if (!pages.has(posix.join(folder, name))) {
      faults.push(`${folder}/${name} is in no section of docs/site/navigation.json`)
    }
  }
}

for (const name of ['config.mjs', 'theme']) {
  cpSync(join(here, name), join(work, '.vitepress', name), { recursive: true })
}
cpSync(join(here, 'home.md'), join(work, 'index.md'))
cpSync(join(here, 'home.zh-CN.md'), join(work, 'zh', 'index.md'))
mkdirSync(join(work, 'public'), { recursive: true })
cpSync(join(repository, 'console/src/main/resources/console/assets/rung.svg'), join(work, 'public', 'rung.svg'))
cpSync(join(repository, 'api/src/main/resources/openapi.json'), join(work, 'public', 'openapi.json'))

if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}

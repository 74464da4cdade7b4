import { readFileSync } from 'node:fs'
import { defineConfig } from 'vitepress'

const sidebars = JSON.parse(readFileSync(new URL('sidebars.json', import.meta.url), 'utf8'))

// Anchors as GitHub makes them, so that links work in both.
function slug(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

// Words, and every pair of Chinese characters.
function tokens(text) {
  return text
    .toLowerCase()
    .split(/[\s\p{P}]+/u)
    .flatMap((word) => {
      const characters = word.match(/\p{Script=Han}/gu)
      return characters && characters.length > 1
        ? [word, ...characters.slice(1).map((character, i) => characters[i] + character)]
        : [word]
    })
    .filter((word) => word !== '')
}

function mermaid(md) {
  const fence = md.renderer.rules.fence
  md.renderer.rules.fence = (all, i, ...rest) =>
    all[i].info.trim() === 'mermaid'
      ? `<MermaidDiagram code="${encodeURIComponent(all[i].content)}" />`
      : fence(all, i, ...rest)
}

const chinese = {
  label: '简体中文',
  lang: 'zh-CN',
  link: '/zh/',
  description: '可靠的支付结果通知',
  themeConfig: {
    nav: [
      { text: '商户', link: '/zh/guides/merchants' },
      { text: '平台', link: '/zh/guides/platforms' },
      { text: '运维', link: '/zh/guides/operations' },
      { text: '配置参考', link: '/zh/settings' },
      { text: '架构决策', link: '/zh/adr/' },
    ],
    sidebar: sidebars.zh,
    outline: { label: '本页目录', level: [2, 3] },
    docFooter: { prev: '上一页', next: '下一页' },
    darkModeSwitchLabel: '外观',
    lightModeSwitchTitle: '切换到浅色模式',
    darkModeSwitchTitle: '切换到深色模式',
    sidebarMenuLabel: '目录',
    returnToTopLabel: '返回顶部',
    langMenuLabel: '语言',
    skipToContentLabel: '跳到正文',
    notFound: {
      title: '页面不存在',
      quote: '请检查地址，或从首页查找。',
      linkLabel: '返回首页',
      linkText: '返回首页',
    },
  },
}

const searchInChinese = {
  translations: {
    button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
    modal: {
      displayDetails: '显示详情',
      resetButtonTitle: '清除',
      backButtonTitle: '关闭',
      noResultsText: '没有结果',
      footer: { selectText: '选择', navigateText: '切换', closeText: '关闭' },
    },
  },
}

export default defineConfig({
  base: process.env.SITE_BASE ?? '/',
  title: 'Rung',
  description: 'Payment results, delivered',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: (process.env.SITE_BASE ?? '/') + 'rung.svg' }]],
  markdown: { anchor: { slugify: slug }, config: mermaid },
  themeConfig: {
    logo: '/rung.svg',
    search: {
      provider: 'local',
      options: {
        locales: { zh: searchInChinese },
        miniSearch: { options: { tokenize: tokens, processTerm: (term) => term } },
      },
    },
  },
  locales: {
    root: {
      label: 'English',
      lang: 'en',
      themeConfig: {
        nav: [
          { text: 'Merchants', link: '/guides/merchants' },
          { text: 'Platforms', link: '/guides/platforms' },
          { text: 'Operations', link: '/guides/operations' },
          { text: 'Settings', link: '/settings' },
          { text: 'Decisions', link: '/adr/' },
        ],
        sidebar: sidebars.en,
        outline: { level: [2, 3] },
      },
    },
    zh: chinese,
  },
})

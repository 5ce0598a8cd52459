import type { Child } from 'hono/jsx';
import type { ServiceIdentification, ServiceProvider } from '../../configuration/configuration.ts';
import type { Notice } from '../../configuration/notice.ts';
import type { AssetName } from './asset-names.ts';
import { assetUrl } from './asset-names.ts';
import { words } from './words.ts';

/** What every page needs to know about the service. */
export interface PageContext {
  /** The service's base relative to the page, ending in `/`, such as `../`. */
  readonly base: string;
  /** The absolute base, for programs elsewhere: `https://host/stage/`. */
  readonly publicUrl: string;
  readonly identification: ServiceIdentification;
  readonly provider: ServiceProvider;
  /** Whether the reader may list jobs. */
  readonly listsJobs: boolean;
  /** Shown above the content of every page. */
  readonly notice?: Notice;
}

interface Crumb {
  readonly title: string;
  readonly href: string;
}

interface PageProps {
  readonly context: PageContext;
  /** Title of the page; the service's title is added. */
  readonly title: string;
  readonly crumbs?: readonly Crumb[];
  readonly current?: 'processes' | 'jobs';
  readonly script?: Extract<AssetName, `${string}.js`>;
  /** Seconds after which a browser without scripts reloads the page. */
  readonly reloadSeconds?: number;
  readonly children?: Child;
}

/** The frame of every page. */
export function Page(props: PageProps) {
  const { context, title, crumbs = [], current, script, reloadSeconds, children } = props;
  const { base, identification, provider, listsJobs, notice } = context;
  const link = (href: string, text: string, isCurrent: boolean) => (
    <a href={`${base}${href}`} {...(isCurrent ? { 'aria-current': 'page' } : {})}>
      {text}
    </a>
  );
  return (
    <html lang={words.language}>
      <head>
        <meta charset="utf-8" />
        <title>
          {title === identification.title ? title : `${title} – ${identification.title}`}
        </title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={`${base}${assetUrl('icon.svg')}`} type="image/svg+xml" />
        <link rel="stylesheet" href={`${base}${assetUrl('styles.css')}`} />
        {script ? <script type="module" src={`${base}${assetUrl(script)}`} /> : undefined}
        {reloadSeconds ? (
          <noscript>
            <meta http-equiv="refresh" content={String(reloadSeconds)} />
          </noscript>
        ) : undefined}
      </head>
      <body>
        <a class="skip" href="#content">
          {words.skip}
        </a>
        <header class="bar">
          <div class="wide">
            <a class="brand" href={base}>
              {identification.title}
            </a>
            <nav aria-label={words.menu}>
              {link('processes', words.processes, current === 'processes')}
              {listsJobs ? link('jobs', words.jobs, current === 'jobs') : undefined}
              {link('api', words.api, false)}
            </nav>
          </div>
        </header>
        {notice ? (
          <aside class={`notice ${notice.severity}`} aria-label={words.notice[notice.severity]}>
            <p class="wide">
              <strong>{words.notice[notice.severity]}</strong> {notice.text}
            </p>
          </aside>
        ) : undefined}
        <main id="content" class="wide" tabindex={-1}>
          {crumbs.length > 0 ? (
            <nav class="crumbs" aria-label={words.breadcrumb}>
              <ol>
                {crumbs.map(({ title: name, href }) => (
                  <li>
                    <a href={`${base}${href}`} dir="auto">
                      {name}
                    </a>
                  </li>
                ))}
                <li aria-current="page">
                  <bdi>{title}</bdi>
                </li>
              </ol>
            </nav>
          ) : undefined}
          {children}
        </main>
        <footer>
          <div class="wide">
            <p>
              {words.provider}{' '}
              {provider.site ? <a href={provider.site}>{provider.name}</a> : provider.name}
            </p>
          </div>
        </footer>
      </body>
    </html>
  );
}

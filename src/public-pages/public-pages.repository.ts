import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import type { Author } from '../accounts/actor';
import { Audit } from '../accounts/audit/audit';
import type { Fields } from '../accounts/audit/changes';
import { Database } from '../database/database';
import { Statement } from '../database/statement';
import { withIds, type PublicPage, type WantedService } from './public-page';
import { PublicPageEntity } from './public-page.entity';

/** A page as its account wants it. */
export interface WantedPage extends Omit<PublicPage, 'services'> {
  readonly services: readonly WantedService[];
}

const SECRET_BYTES = 24;

/** Adds nothing where the account has a page, or another account the slug. */
const ADD = new Statement<{ account_id: string }>(
  () => `
  INSERT INTO public_pages (account_id, slug, title, enabled, show_summaries, services, secret, created_at, updated_at)
  VALUES (?, ?, '', FALSE, FALSE, '[]', ?, ?, ?) ON CONFLICT DO NOTHING RETURNING account_id`,
);

/** Holds the row until the transaction ends. Parameters: now, account. */
const HOLD = new Statement<{ account_id: string }>(
  () => 'UPDATE public_pages SET updated_at = ? WHERE account_id = ? RETURNING account_id',
);

const HAS_SLUG = new Statement<{ account_id: string }>(
  () => 'SELECT account_id FROM public_pages WHERE slug = ? AND account_id <> ?',
);

/** The account of a page. A deleted account has none. */
const AT = new Statement<{ account_id: string }>(
  () => `
  SELECT p.account_id FROM public_pages p LEFT JOIN accounts a ON a.id = p.account_id
  WHERE p.slug = ? AND a.deleted_at IS NULL`,
);

/** The table of public pages. */
@Injectable()
export class PublicPagesRepository {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
  ) {}

  find(account_id: string): Promise<PublicPageEntity | null> {
    return this.database.read.findOneBy(PublicPageEntity, { account_id });
  }

  /** The page at an address, whether everybody may see it or not. */
  async findAt(slug: string): Promise<PublicPageEntity | null> {
    const [row] = await AT.run(this.database.read, [slug]);
    return row === undefined
      ? null
      : this.database.read.findOneBy(PublicPageEntity, { account_id: row.account_id, slug });
  }

  /** Makes an account's page, or replaces it whole; null where another account has the slug. */
  async put(author: Author, account_id: string, page: WantedPage): Promise<PublicPageEntity | null> {
    try {
      return await this.replace(author, account_id, page);
    } catch (error) {
      if (isSlugTaken(error)) return null;
      throw error;
    }
  }

  private replace(author: Author, account_id: string, page: WantedPage): Promise<PublicPageEntity | null> {
    return this.database.write(async (tx, now) => {
      const secret = randomBytes(SECRET_BYTES).toString('base64url');
      const added = await ADD.run(tx, [account_id, page.slug, secret, now, now]);
      const isNew = added.length > 0;
      if (!isNew && (await HOLD.run(tx, [now, account_id])).length === 0) return null;
      if ((await HAS_SLUG.run(tx, [page.slug, account_id])).length > 0) return null;
      const before = await tx.findOneByOrFail(PublicPageEntity, { account_id });
      const fields = { ...page, services: withIds(page.services, before.services) };
      await tx.update(PublicPageEntity, { account_id }, fields);
      await this.audit.note(tx, now, author, {
        account_id,
        action: isNew ? 'public_page.added' : 'public_page.changed',
        subject: account_id,
        ...(isNew ? {} : { before: auditedFields(before) }),
        after: auditedFields(fields),
      });
      return tx.findOneByOrFail(PublicPageEntity, { account_id });
    });
  }

  /** Removes an account's page; null where there is none. */
  remove(author: Author, account_id: string): Promise<PublicPageEntity | null> {
    return this.database.write(async (tx, now) => {
      const before = await tx.findOneBy(PublicPageEntity, { account_id });
      const { affected } = await tx.delete(PublicPageEntity, { account_id });
      // Null where somebody else has removed it in between.
      if (before === null || affected !== 1) return null;
      await this.audit.note(tx, now, author, {
        account_id,
        action: 'public_page.deleted',
        subject: account_id,
        before: auditedFields(before),
      });
      return before;
    });
  }
}

/** Another process was faster: PostgreSQL's unique_violation. SQLite has one writer at a time. */
function isSlugTaken(error: unknown): boolean {
  return error instanceof QueryFailedError && (error.driverError as { code?: unknown }).code === '23505';
}

function auditedFields({ slug, title, enabled, show_summaries, services }: PublicPage): Fields {
  return { slug, title, enabled, show_summaries, services };
}

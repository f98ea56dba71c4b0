import { ApiProperty } from '@nestjs/swagger';
import { iso } from '../normalization/instant';
import { previewPath } from './preview-link';
import type { PublicPageEntity } from './public-page.entity';
import type { ShownService } from './public-page';

/** A service as it is shown to everybody, with the account's own name of it. */
export class ShownServiceView implements ShownService {
  @ApiProperty({ description: 'Names it in the addresses of badges', example: 'card-payments' })
  id!: string;

  @ApiProperty({ description: 'The account’s own name, which is not shown', example: 'adyen' })
  service!: string;

  @ApiProperty({ example: 'Card payments' })
  name!: string;
}

/** An account's public page, as its account sees it. */
export class PublicPageView {
  @ApiProperty({ example: 'acme' })
  account_id!: string;

  @ApiProperty({ example: 'acme' })
  slug!: string;

  @ApiProperty({ description: 'Where it is', example: '/status/acme' })
  path!: string;

  @ApiProperty({
    description: 'Where whoever has this link sees it for an hour, whether it is enabled or not',
    example: '/status/acme?preview=hl5h7x40.6b1f0a93c2d54e7788aa01fe6b1f0a93',
  })
  preview_path!: string;

  @ApiProperty({ example: 'Acme' })
  title!: string;

  @ApiProperty({ description: 'Whether everybody may see it', example: true })
  enabled!: boolean;

  @ApiProperty({ example: false })
  show_summaries!: boolean;

  @ApiProperty({ type: [ShownServiceView] })
  services!: ShownServiceView[];

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  created_at!: string;

  @ApiProperty({ example: '2026-01-15T10:00:00.000Z' })
  updated_at!: string;
}

/** An account's public page, if it has one. */
export class AccountPublicPageView {
  @ApiProperty({ type: PublicPageView, nullable: true, description: 'Null where none was made' })
  public_page!: PublicPageView | null;
}

/** Makes the API's form of a page. */
export function publicPageView(page: PublicPageEntity, now: number): PublicPageView {
  const { account_id, slug, title, enabled, show_summaries, services } = page;
  return {
    account_id,
    slug,
    path: `/status/${slug}`,
    preview_path: previewPath(page, now),
    title,
    enabled,
    show_summaries,
    services: services.map(({ id, service, name }) => ({ id, service, name })),
    created_at: iso(page.created_at),
    updated_at: iso(page.updated_at),
  };
}

import { createHash } from 'node:crypto';
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NeedsNothing } from '../accounts/needs';
import { Settings } from '../config/settings';
import { ApiError } from '../http/api-error';
import { ApiFailure } from '../http/api-failure';
import { badgeSvg, statusBadge, uptimeBadge } from './badge';
import { BadgeQuery, PublicPageParams, PublicPageQuery } from './public-page-requests';
import type { PublicStatus } from './public-status';
import { PublicStatuses } from './public-statuses';
import { PublicStatusView, publicStatusView } from './public-status-views';
import { statusFeed } from './status-feed';
import { statusPageHtml } from './status-page-html';
import { PAGE_POLICY } from './status-page-style';

/** The same whether there never was such a page, it is not enabled, or its account is gone. */
const NOT_FOUND = 'There is no such page.';
const NO_SERVICE = 'There is no such service on this page.';

/** So long others may keep an answer, in seconds. */
const PAGE_MAX_AGE_S = 10;
const BADGE_MAX_AGE_S = 30;
const FEED_MAX_AGE_S = 60;

/** Of what is only ever an answer and never a page. */
const NOTHING_POLICY = "default-src 'none'; frame-ancestors 'none'";

interface Sent {
  readonly type: string;
  /** Null where nobody may keep it. */
  readonly maxAgeS: number | null;
  readonly policy?: string;
  /** When it last changed, in milliseconds since 1970 UTC. */
  readonly changed_at?: number | null;
}

/** What accounts show to everybody. */
@ApiTags('public pages')
@Controller('status/:slug')
@NeedsNothing()
export class PublicStatusController {
  /** Written once, however many ask; gone with what they tell. */
  private readonly pages = new WeakMap<PublicStatus, string>();

  constructor(
    private readonly settings: Settings,
    private readonly statuses: PublicStatuses,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'A public status page',
    description: 'Needs no script. What it says is some seconds old at most, and it says when it was so.',
  })
  @ApiOkResponse({
    content: { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>…' } },
  })
  @ApiFailure(400, { invalid_request: 'preview must be text' })
  @ApiFailure(404, { page_not_found: NOT_FOUND })
  async page(
    @Param() { slug }: PublicPageParams,
    @Query() { preview }: PublicPageQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const isPreview = preview !== undefined;
    const status = isPreview ? existing(await this.statuses.preview(slug, preview)) : await this.find(slug);
    const text = isPreview ? statusPageHtml(status, { isPreview }) : this.pageOf(status);
    send(request, reply, text, {
      type: 'text/html; charset=utf-8',
      maxAgeS: isPreview ? null : PAGE_MAX_AGE_S,
      policy: PAGE_POLICY,
    });
  }

  @Get('status.json')
  @ApiOperation({ summary: 'The same for programs' })
  @ApiOkResponse({ type: PublicStatusView })
  @ApiFailure(404, { page_not_found: NOT_FOUND })
  async json(
    @Param() { slug }: PublicPageParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const text = JSON.stringify(publicStatusView(await this.find(slug)));
    forOtherSites(reply);
    send(request, reply, text, { type: 'application/json; charset=utf-8', maxAgeS: PAGE_MAX_AGE_S });
  }

  @Get('feed.rss')
  @ApiOperation({
    summary: 'Its history as RSS 2.0',
    description: 'An item when something begins, and one when it is over; the newest 100.',
  })
  @ApiOkResponse({
    content: { 'application/rss+xml': { schema: { type: 'string' }, example: '<?xml version="1.0"?>…' } },
  })
  @ApiFailure(404, { page_not_found: NOT_FOUND })
  async feed(
    @Param() { slug }: PublicPageParams,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const origin = this.settings.PUBLIC_URL ?? `${request.protocol}://${request.host}`;
    const { text, changed_at } = statusFeed(await this.find(slug), `${origin}/status/${slug}`);
    forOtherSites(reply);
    // Without PUBLIC_URL its addresses are those that it was asked for by.
    if (this.settings.PUBLIC_URL === undefined) reply.header('vary', 'host');
    send(request, reply, text, {
      type: 'application/rss+xml; charset=utf-8',
      maxAgeS: FEED_MAX_AGE_S,
      changed_at,
    });
  }

  @Get('badge.svg')
  @ApiOperation({ summary: 'A badge of the page, or of a service on it' })
  @ApiOkResponse({
    content: { 'image/svg+xml': { schema: { type: 'string' }, example: '<svg …>' } },
  })
  @ApiFailure(400, { invalid_request: 'metric must be status or uptime' })
  @ApiFailure(404, { page_not_found: NOT_FOUND, service_not_found: NO_SERVICE })
  async badge(
    @Param() { slug }: PublicPageParams,
    @Query() { service: id, metric, window }: BadgeQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const status = await this.find(slug);
    const service = id === undefined ? null : status.services.find((one) => one.id === id);
    if (service === undefined) throw new ApiError(404, 'service_not_found', NO_SERVICE);
    const badge = metric === 'uptime' ? uptimeBadge(status, service, window) : statusBadge(status, service);
    forOtherSites(reply);
    send(request, reply, badgeSvg(badge), { type: 'image/svg+xml; charset=utf-8', maxAgeS: BADGE_MAX_AGE_S });
  }

  private pageOf(status: PublicStatus): string {
    const known = this.pages.get(status) ?? statusPageHtml(status);
    this.pages.set(status, known);
    return known;
  }

  private async find(slug: string): Promise<PublicStatus> {
    return existing(await this.statuses.find(slug));
  }
}

/** @throws ApiError 404 */
function existing(status: PublicStatus | null): PublicStatus {
  if (status === null) throw new ApiError(404, 'page_not_found', NOT_FOUND);
  return status;
}

/** Pages of other sites may show it: it is public. */
function forOtherSites(reply: FastifyReply): void {
  void reply
    .header('cross-origin-resource-policy', 'cross-origin')
    .header('access-control-allow-origin', '*');
}

/**
 * Sends a text, or that whoever asks has it (RFC 9110, section 13.1.2). What changes within a second, or is told late,
 * only its hash tells apart, and so `If-Modified-Since` alone is always answered in full.
 */
function send(request: FastifyRequest, reply: FastifyReply, text: string, sent: Sent): void {
  const { type, maxAgeS, policy = NOTHING_POLICY, changed_at = null } = sent;
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  void reply
    .header('etag', etag)
    .header('cache-control', maxAgeS === null ? 'no-store' : `public, max-age=${maxAgeS}`)
    .header('content-security-policy', policy);
  if (changed_at !== null) void reply.header('last-modified', new Date(changed_at).toUTCString());
  if (isKnown(request.headers['if-none-match'], etag)) void reply.code(304).send();
  else void reply.header('content-type', type).send(text);
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = ifNoneMatch?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? [];
  return known.includes(etag) || known.includes('*');
}

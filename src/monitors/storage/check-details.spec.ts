import { detailsText, readDetails } from './check-details';

describe('the details of a check', () => {
  it.each([
    { timings: null, tls_days_left: null, limit_ms: null, failed: [] },
    {
      timings: { dns_ms: 0.4, connect_ms: 1, tls_ms: null, first_byte_ms: 20.5, total_ms: 22.1 },
      tls_days_left: -2,
      limit_ms: 300,
      failed: [{ expectation: 'status', wanted: '200-299', seen: '500' }],
    },
  ])('are read as they were stored', (details) => {
    expect(readDetails(detailsText(details))).toEqual(details);
  });
});

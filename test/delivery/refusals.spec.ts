import { startService, stopServices, type RunningService } from '../harness/service';

describe('is refused:', () => {
  let service: RunningService;

  beforeAll(async () => {
    service = await startService();
  });
  afterAll(stopServices);

  it.each(['x', '1.5', '1e3', '%20', '0x1', '-1', '1;drop', '9007199254740993'])(
    'POST /deliveries/%s/replay',
    async (id) => {
      expect(await service.client.post(`/deliveries/${id}/replay`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    },
  );

  it.each([
    { status: 'pending' },
    { status: 'delivered' },
    { status: 1 },
    { status: ['dead'] },
    { destination: 7 },
    { destination: 'x'.repeat(201) },
    { destination: '\0' },
    [],
    'dead',
    7,
  ])('POST /deliveries/replay with %j', async (body) => {
    expect((await service.client.post('/deliveries/replay', body)).status).toBe(400);
  });

  it.each([
    'limit=0',
    'limit=501',
    'limit=x',
    'limit=1.5',
    'limit=-1',
    'status=open',
    'status=dead&status=pending',
    'cursor=x',
    'cursor=-1',
    'cursor=1e3',
    `destination=${'x'.repeat(201)}`,
    'destination=%00',
  ])('GET /deliveries?%s', async (query) => {
    expect(await service.client.get(`/deliveries?${query}`)).toMatchObject({
      status: 400,
      body: { statusCode: 400, code: 'invalid_request' },
    });
  });
});

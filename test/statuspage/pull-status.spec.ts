import { Service } from './service';
describe('x', () => {
  it('fixtures', async () => {
    const s = await Service.start({});
    console.log(
      JSON.stringify(await s.pull()),
      JSON.stringify(await s.pull()),
      JSON.stringify(await s.events()),
      s.log,
    );
    await s.stop();
  });
});

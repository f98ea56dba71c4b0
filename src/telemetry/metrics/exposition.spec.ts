import { chooseFormat, toOpenMetrics } from './exposition';

describe('the format of an answer', () => {
  it.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/plain', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    [
      'application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'openmetrics',
    ],
    ['application/openmetrics-text;q=0.2, text/plain;q=0.9', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    ['text/html', 'text'],
  ])('for Accept: %s is %s', (accept, format) => {
    expect(chooseFormat(accept)).toBe(format);
  });
});

describe('OpenMetrics', () => {
  it('calls the families of counters without _total, and leaves everything else', () => {
    const text = [
      '# HELP a_total Counted.',
      '# TYPE a_total counter',
      'a_total{b="# TYPE a_total counter"} 3',
      '',
      '# HELP b_total No counter.',
      '# TYPE b_total gauge',
      'b_total 1',
      '',
    ];
    expect(toOpenMetrics(text.join('\n')).split('\n')).toEqual([
      '# HELP a Counted.',
      '# TYPE a counter',
      'a_total{b="# TYPE a_total counter"} 3',
      '# HELP b_total No counter.',
      '# TYPE b_total gauge',
      'b_total 1',
      '',
    ]);
  });
});

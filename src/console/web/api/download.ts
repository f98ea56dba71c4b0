import { answered } from './client';

/**
 * Has the browser keep what a call answers, under a name. By way of the client, because a plain link would go without
 * the credential.
 */
export async function download(
  name: string,
  call: Promise<{ data?: Blob; error?: unknown; response: Response }>,
): Promise<void> {
  const url = URL.createObjectURL(await answered(call));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // By then the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

import { readFile } from 'node:fs/promises';
import { InvalidFileError } from './invalid-file';

/**
 * The text of the file that a setting names.
 *
 * @throws InvalidFileError where it cannot be read
 */
export async function textOfFile(setting: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const fault = `The file cannot be read (${code ?? 'unknown error'})`;
    throw new InvalidFileError(setting, path, [fault], { cause });
  }
}

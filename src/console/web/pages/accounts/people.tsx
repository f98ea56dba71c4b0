import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answered, api } from '../../api/client';
import { Empty } from '../../parts/empty';
import { Instant } from '../../parts/instant';
import { Trouble } from '../../parts/trouble';
import { WaitingRows } from '../../parts/waiting';

/** Who may see and change what is in an account. */
export function People({ account }: { readonly account: string }): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['people', account],
    queryFn: () => answered(api.GET('/accounts/{id}/people', { params: { path: { id: account } } })),
  });
  return (
    <section className="card" aria-label="People">
      <div className="card-head">
        <h2>People</h2>
      </div>
      {error !== null && <Trouble error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <WaitingRows rows={2} />}
      {data?.people.length === 0 && (
        <Empty
          title="Nobody yet"
          command={`curl ${location.origin}/accounts/${account}/invitations -H "authorization: Bearer $ADMIN_TOKEN" \\\n  -H 'content-type: application/json' -d '{"email":"ada@acme.example","role":"operator"}'`}
        >
          <p>People are invited by e-mail address, and are viewer, operator or admin of an account.</p>
        </Empty>
      )}
      {data !== undefined && data.people.length > 0 && (
        <table className="list">
          <thead>
            <tr>
              <th scope="col">E-mail</th>
              <th scope="col">Role</th>
              <th scope="col">Last login</th>
            </tr>
          </thead>
          <tbody>
            {data.people.map((person) => (
              <tr key={person.id}>
                <td>
                  <bdi>{person.email}</bdi>
                </td>
                <td data-label="Role">{person.role}</td>
                <td data-label="Last login">
                  <Instant at={person.last_login_at} otherwise="never" />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

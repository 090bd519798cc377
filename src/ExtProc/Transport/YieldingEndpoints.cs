using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace ExtProc.Transport;

/// <summary>
/// Lets a service that the app maps itself, such as health or reflection, answer in place of this library's, whichever is mapped first. Two
/// would be ambiguous.
/// </summary>
internal sealed class YieldingEndpoints : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <summary>Marks the endpoints that yield.</summary>
    public static readonly object Mark = new Yielding();

    // After what restricts endpoints to ports and hosts: one that does not match here answers nothing.
    public override int Order => 1;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(Yields) && endpoints.Any(endpoint => IsMethod(endpoint) && !Yields(endpoint));

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        bool hasOther = Enumerable.Range(0, candidates.Count).Any(at => candidates.IsValidCandidate(at) && IsMethod(candidates[at].Endpoint) && !Yields(candidates[at].Endpoint));
        for (int at = 0; hasOther && at < candidates.Count; at++)
        {
            if (Yields(candidates[at].Endpoint))
            {
                candidates.SetValidity(at, false);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Whether an endpoint yields.</summary>
    public static bool Yields(Endpoint endpoint) => endpoint.Metadata.GetMetadata<Yielding>() is not null;

    private static bool IsMethod(Endpoint endpoint) => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;

    private sealed class Yielding;
}

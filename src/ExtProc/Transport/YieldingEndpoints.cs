using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace ExtProc.Transport;

/// <summary>
/// Lets a service that the app maps itself, such as health or reflection, answer in place of this library's, whichever is mapped first; and
/// one of this library's, which are mapped with each pipeline. Two would be ambiguous.
/// </summary>
internal sealed class YieldingEndpoints : MatcherPolicy, IEndpointSelectorPolicy
{
    /// <summary>Marks the endpoints that yield.</summary>
    public static readonly object Mark = new Yielding();

    // After what restricts endpoints to ports and hosts: one that does not match here answers nothing.
    public override int Order => 1;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(Yields) && endpoints.Count(IsMethod) > 1;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        int[] methods = [.. Enumerable.Range(0, candidates.Count).Where(at => candidates.IsValidCandidate(at) && IsMethod(candidates[at].Endpoint))];
        int[] yielding = [.. methods.Where(at => Yields(candidates[at].Endpoint))];
        foreach (int at in yielding.Skip(yielding.Length == methods.Length ? 1 : 0))
        {
            candidates.SetValidity(at, false);
        }

        return Task.CompletedTask;
    }

    /// <summary>Whether an endpoint yields.</summary>
    public static bool Yields(Endpoint endpoint) => endpoint.Metadata.GetMetadata<Yielding>() is not null;

    private static bool IsMethod(Endpoint endpoint) => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;

    private sealed class Yielding;
}

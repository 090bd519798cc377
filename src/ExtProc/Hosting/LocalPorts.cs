using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace ExtProc.Hosting;

/// <summary>Restricts endpoints to ports.</summary>
public static class LocalPortConventions
{
    /// <summary>
    /// Serves endpoints only on these ports of the app. <c>RequireHost("*:9002")</c> is another thing: it goes by the request's authority,
    /// which the peer chooses, and Envoy's is the name of the cluster, without a port. Needs <see cref="ExtProcServices.AddExtProc"/>.
    /// </summary>
    public static TBuilder RequireLocalPort<TBuilder>(this TBuilder endpoints, params int[] ports)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(ports);
        return ports.Length > 0 ? endpoints.WithMetadata(new LocalPorts([.. ports])) : throw new ArgumentException("name the ports on which it is served", nameof(ports));
    }
}

/// <summary>The ports of an endpoint.</summary>
internal sealed record LocalPorts(IReadOnlyList<int> All);

/// <summary>Keeps endpoints to their ports. One that names the port goes before one for every port.</summary>
internal sealed class LocalPortPolicy : MatcherPolicy, IEndpointSelectorPolicy, IEndpointComparerPolicy
{
    public override int Order => 0;

    public IComparer<Endpoint> Comparer => EndpointMetadataComparer<LocalPorts>.Default;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(endpoint => PortsOf(endpoint) is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (int at = 0; at < candidates.Count; at++)
        {
            if (candidates.IsValidCandidate(at) && PortsOf(candidates[at].Endpoint) is { } ports && !ports.Contains(httpContext.Connection.LocalPort))
            {
                candidates.SetValidity(at, false);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>The ports of an endpoint; null for every port.</summary>
    public static IReadOnlyList<int>? PortsOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<LocalPorts>()?.All;
}

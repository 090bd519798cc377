using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;

namespace ExtProc.Transport;

/// <summary>Puts a <see cref="CallGuard"/> around the endpoints of a service of Grpc.AspNetCore.</summary>
internal static class GuardedEndpoints
{
    /// <summary>Surrounds the methods of a service. What the library maps beside them, its answers to unknown methods, is ours.</summary>
    /// <param name="endpoints">The service's endpoints.</param>
    /// <param name="guard">The guard.</param>
    /// <param name="around">Surrounds one method.</param>
    public static IEndpointConventionBuilder Guard(
        this IEndpointConventionBuilder endpoints, CallGuard guard, Func<GrpcMethodMetadata, RequestDelegate, RequestDelegate> around)
    {
        endpoints.Add(endpoint =>
        {
            if (MethodOf(endpoint) is { } method)
            {
                endpoint.RequestDelegate = around(method, endpoint.RequestDelegate!);

                // A stream may last for hours. And a request that an app's timeout cancels looks as one that its peer has reset.
                endpoint.Metadata.Add(new DisableRequestTimeoutAttribute());
                return;
            }

            endpoint.RequestDelegate = guard.UnimplementedAsync;

            // A group's authorization is for the service: others' unknown methods are not its to protect.
            endpoint.Metadata.Add(new AllowAnonymousAttribute());
        });
        return endpoints;
    }

    /// <summary>The method of an endpoint; null for another kind.</summary>
    public static GrpcMethodMetadata? MethodOf(EndpointBuilder endpoint) => endpoint.Metadata.OfType<GrpcMethodMetadata>().LastOrDefault();
}

using Microsoft.AspNetCore.Builder;

namespace ExtProc.Transport;

/// <summary>Conventions for the methods of a service, and not for what Grpc.AspNetCore maps beside them.</summary>
internal sealed class MethodConventions(IEndpointConventionBuilder endpoints) : IEndpointConventionBuilder
{
    public void Add(Action<EndpointBuilder> convention) => endpoints.Add(OnMethods(convention));

    public void Finally(Action<EndpointBuilder> finallyConvention) => endpoints.Finally(OnMethods(finallyConvention));

    private static Action<EndpointBuilder> OnMethods(Action<EndpointBuilder> convention) => endpoint =>
    {
        if (GuardedEndpoints.MethodOf(endpoint) is not null)
        {
            convention(endpoint);
        }
    };
}

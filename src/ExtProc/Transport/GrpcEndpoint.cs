using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Transport;

/// <summary>Puts gRPC methods onto ASP.NET Core's routing.</summary>
internal static class GrpcEndpoint
{
    /// <summary>
    /// Serves one method: <paramref name="service"/> is its full name, as in <c>grpc.health.v1.Health</c>, and its messages may have
    /// <paramref name="requestBytes"/> where that is less than what the transport takes.
    /// </summary>
    public static IEndpointConventionBuilder MapGrpc(
        this IEndpointRouteBuilder routes, string service, string method, GrpcHandler handler, int requestBytes = int.MaxValue) =>
        routes.Map($"/{service}/{method}", routes.ServiceProvider.GetRequiredService<GrpcServer>().For(handler, requestBytes))
            .WithDisplayName($"gRPC {service}/{method}");

    /// <summary>Serves the health of this server.</summary>
    public static void MapGrpcHealth(this IEndpointRouteBuilder routes)
    {
        var health = new GrpcHealthService(routes.ServiceProvider.GetRequiredService<GrpcHealth>());
        routes.MapGrpc(GrpcHealthService.Name, "Check", health.CheckAsync, GrpcHealthService.RequestBytes);
        routes.MapGrpc(GrpcHealthService.Name, "Watch", health.WatchAsync, GrpcHealthService.RequestBytes);
        routes.MapGrpc(GrpcHealthService.Name, "List", health.ListAsync, GrpcHealthService.RequestBytes);
    }

    /// <summary>Answers gRPC requests that nothing else serves with UNIMPLEMENTED, and others with 404. Call it last, and once.</summary>
    public static void MapGrpcUnimplemented(this IEndpointRouteBuilder routes)
    {
        GrpcServer server = routes.ServiceProvider.GetRequiredService<GrpcServer>();
        routes.MapFallback("{**path}", async context =>
        {
            if (GrpcRequest.IsGrpc(context.Request.ContentType))
            {
                await server.UnimplementedAsync(context).ConfigureAwait(false);
                return;
            }

            using StreamCost cost = server.CostOf(context);
            await server.SayAsync(context, StatusCodes.Status404NotFound, "this port serves gRPC, envoy.service.ext_proc.v3.ExternalProcessor; probes have the admin port").ConfigureAwait(false);
        });
    }
}

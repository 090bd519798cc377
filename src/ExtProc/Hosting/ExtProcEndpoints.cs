using ExtProc.Configuration;
using ExtProc.Health;
using ExtProc.Session;
using ExtProc.Transport;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Hosting;

/// <summary>Puts the service onto an app's routes.</summary>
public static class ExtProcEndpoints
{
    /// <summary>
    /// Serves <c>envoy.service.ext_proc.v3.ExternalProcessor/Process</c> with the app's pipeline, and <c>grpc.health.v1.Health</c> unless the
    /// app maps a health service of its own; gRPC reflection too where <see cref="ExtProcOptions.Reflection"/> is on.
    /// </summary>
    /// <returns>For authorization, hosts, rate limits and other conventions of <c>Process</c>; they do not apply to health.</returns>
    /// <exception cref="ConfigException">The configuration cannot be used; holds all that is wrong with it.</exception>
    /// <exception cref="InvalidOperationException"><see cref="ExtProcServices.AddExtProc"/> was not called.</exception>
    public static IEndpointConventionBuilder MapExtProc(this IEndpointRouteBuilder routes) => routes.MapExtProc(PipelineNames.Default);

    /// <summary>
    /// The same with a pipeline that was added by name. All have the same path, so that each but one needs a port or a host:
    /// <c>app.MapExtProc("internal").RequireLocalPort(9002)</c>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no pipeline of that name.</exception>
    /// <inheritdoc cref="MapExtProc(IEndpointRouteBuilder)"/>
    public static IEndpointConventionBuilder MapExtProc(this IEndpointRouteBuilder routes, string pipeline)
    {
        ArgumentNullException.ThrowIfNull(routes);
        ArgumentNullException.ThrowIfNull(pipeline);
        IServiceProvider services = routes.ServiceProvider;
        RequireServices(services);
        ServedPipeline served = services.GetRequiredService<ServedPipelines>()[pipeline];
        IEndpointConventionBuilder process = routes.MapExternalProcessor(served.Exchanges).WithMetadata(served);
        services.GetRequiredService<HealthRoutes>().Map(routes);
        if (services.GetRequiredService<ExtProcOptions>().Reflection)
        {
            services.GetRequiredService<ReflectionRoutes>().Map(routes);
        }

        return new MethodConventions(process);
    }

    /// <summary>Serves <c>Process</c> alone.</summary>
    internal static IEndpointConventionBuilder MapExternalProcessor(this IEndpointRouteBuilder routes, ExchangeService exchanges)
    {
        _ = routes.ServiceProvider.GetService<TransportGauges>(); // being there is all that it does; a rehearsal has none
        CallGuard guard = routes.ServiceProvider.GetRequiredService<CallGuard>();
        return routes.MapGrpcService<ExternalProcessorService>().Guard(guard, (_, method) => guard.Around(method, exchanges.RunAsync));
    }

    /// <summary>
    /// Answers what nothing else serves: gRPC calls with UNIMPLEMENTED, other requests with 404 and a sentence. For an app that serves
    /// ext_proc and nothing else.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="ExtProcServices.AddExtProc"/> was not called.</exception>
    public static void MapExtProcFallback(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        RequireServices(routes.ServiceProvider);
        routes.MapFallback("{**path}", Unserved(routes.ServiceProvider));
    }

    /// <summary>
    /// Makes an app serve what is mapped here and nothing else. No route stands for the rest: each that could match a path, such as the library's
    /// for unknown methods, costs the streams that another one serves.
    /// </summary>
    internal static void UseExtProcAlone(this IApplicationBuilder app, Action<RouteGroupBuilder> map)
    {
        RequestDelegate unserved = Unserved(app.ApplicationServices);
        app.UseRouting();
        app.Use(serve => context => context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>() is null ? unserved(context) : serve(context));
        app.UseEndpoints(routes =>
        {
            RouteGroupBuilder methods = routes.MapGroup("");
            ((IEndpointConventionBuilder)methods).Finally(endpoint =>
            {
                if (GuardedEndpoints.MethodOf(endpoint) is null)
                {
                    endpoint.Metadata.Add(new SuppressMatchingMetadata());
                }
            });
            map(methods);
        });
    }

    private static RequestDelegate Unserved(IServiceProvider services)
    {
        CallGuard guard = services.GetRequiredService<CallGuard>();
        return context => GrpcRequest.IsGrpc(context.Request.ContentType)
            ? guard.UnimplementedAsync(context)
            : guard.SayAsync(context, StatusCodes.Status404NotFound, $"this port serves gRPC, {ExternalProcessorService.Name}; probes have the admin port");
    }

    private static void RequireServices(IServiceProvider services)
    {
        if (services.GetService<CallGuard>() is null)
        {
            throw new InvalidOperationException("MapExtProc and MapExtProcFallback need what builder.Services.AddExtProc() adds; call that first");
        }
    }
}

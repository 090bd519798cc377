using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ExtProc.Transport;

/// <summary>
/// A method of Grpc.AspNetCore whose messages are not the library's: it leaves the two typed streams alone, and a <see cref="GrpcHandler"/>
/// reads and writes the request's and the response's pipes. Interceptors, authorization, counters and tags apply as to any other method.
/// </summary>
internal static class RawMethod
{
    /// <summary>
    /// Adds one to a service. Its class must be registered with <c>SuppressCreatingService</c>: a stream gets no instance and no scope of
    /// services, which would cost more than what a small stream does.
    /// </summary>
    public static void Add<TService, TRequest, TResponse>(
        ServiceMethodProviderContext<TService> service, Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> invoke)
        where TService : class
        where TRequest : class
        where TResponse : class =>
        service.AddDuplexStreamingMethod(
            method, [new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true)], (_, request, response, call) => invoke(request, response, call));

    /// <summary>Runs the handler that <see cref="CallGuard"/> has put around the endpoint.</summary>
    public static Task RunAsync(ServerCallContext context)
    {
        HttpGrpcCall call = context.GetHttpContext().Features.Get<HttpGrpcCall>()
            ?? throw new InvalidOperationException($"{context.Method} has no {nameof(CallGuard)} around it");
        return call.RunAsync(context);
    }
}

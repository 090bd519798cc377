using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace ExtProc.EndToEnd.InApp;

/// <summary>gRPC calls to an app that are not ext_proc's.</summary>
internal static class HealthCalls
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(value => value, value => value);

    /// <summary>What the health service says of a service; null where it does not know it.</summary>
    public static async Task<HealthCheckResponse.Types.ServingStatus?> CheckAsync(int port, string service, CancellationToken cancel)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        try
        {
            return (await new Grpc.Health.V1.Health.HealthClient(channel).CheckAsync(new() { Service = service }, cancellationToken: cancel)).Status;
        }
        catch (RpcException unknown) when (unknown.StatusCode is StatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The status of a method that nobody serves.</summary>
    public static Task<StatusCode> UnknownMethodAsync(int port, CancellationToken cancel) => StatusAsync(port, "nobody.Serves", "This", cancel);

    /// <summary>The status of a unary call with an empty message.</summary>
    public static async Task<StatusCode> StatusAsync(int port, string service, string method, CancellationToken cancel)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        using AsyncUnaryCall<byte[]> call = channel.CreateCallInvoker().AsyncUnaryCall(new Method<byte[], byte[]>(MethodType.Unary, service, method, Bytes, Bytes), host: null, new CallOptions(cancellationToken: cancel), []);
        try
        {
            await call.ResponseAsync;
            return StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }
}

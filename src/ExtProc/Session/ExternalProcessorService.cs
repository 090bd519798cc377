using Envoy.Service.ExtProc.V3;
using ExtProc.Transport;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace ExtProc.Session;

/// <summary>
/// <c>envoy.service.ext_proc.v3.ExternalProcessor</c> as Grpc.AspNetCore serves it. <c>Process</c> is a <see cref="RawMethod"/>: the handler
/// around its endpoint is an <see cref="ExchangeService"/>.
/// </summary>
[BindServiceMethod(typeof(ExternalProcessorService), nameof(Bind))]
internal sealed class ExternalProcessorService : ExternalProcessor.ExternalProcessorBase
{
    /// <summary>The service's full name.</summary>
    public const string Name = "envoy.service.ext_proc.v3.ExternalProcessor";

    /// <summary>The path of its method, which is what Envoy asks for.</summary>
    public const string Path = $"/{Name}/{nameof(Process)}";

    /// <summary>What reflection finds through the attribute.</summary>
    public static ServiceDescriptor Descriptor => ExternalProcessor.Descriptor;

    /// <summary>Adds no method: <see cref="Methods"/> does, without an instance of this class per stream.</summary>
    public static void Bind(ServiceBinderBase binder, ExternalProcessorService? service)
    {
        // The generated class would add the method once more.
    }

    /// <inheritdoc/>
    public override Task Process(
        IAsyncStreamReader<ProcessingRequest> requestStream, IServerStreamWriter<ProcessingResponse> responseStream, ServerCallContext context) =>
        RawMethod.RunAsync(context);

    /// <summary>Adds the service's method.</summary>
    internal sealed class Methods : IServiceMethodProvider<ExternalProcessorService>
    {
        private static readonly Method<ProcessingRequest, ProcessingResponse> Process = new(
            MethodType.DuplexStreaming,
            Name,
            nameof(Process),
            MessageMarshaller.Of(ProcessingRequest.Parser),
            MessageMarshaller.Of(ProcessingResponse.Parser));

        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<ExternalProcessorService> context) =>
            RawMethod.Add(context, Process, new ExternalProcessorService().Process);
    }
}

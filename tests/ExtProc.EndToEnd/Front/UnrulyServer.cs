using System.Net;
using Envoy.Service.ExtProc.V3;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExtProc.EndToEnd.Front;

/// <summary>
/// An ext_proc server on grpc-dotnet alone that answers as the request header <c>x-unruly</c> says: rightly, but for one message
/// (<see cref="UnrulyPlan"/>).
/// </summary>
internal sealed class UnrulyServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private UnrulyServer(WebApplication app) => this.app = app;

    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public static async Task<UnrulyServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private sealed class Service : ExternalProcessor.ExternalProcessorBase
    {
        public override async Task Process(IAsyncStreamReader<ProcessingRequest> requestStream, IServerStreamWriter<ProcessingResponse> responseStream, ServerCallContext context)
        {
            UnrulyPlan? plan = null;
            try
            {
                while (await requestStream.MoveNext(context.CancellationToken))
                {
                    plan ??= UnrulyPlan.Of(requestStream.Current);
                    foreach (ProcessingResponse answer in plan.Answer(requestStream.Current))
                    {
                        await responseStream.WriteAsync(answer, context.CancellationToken);
                    }

                    if (plan.End is { } end)
                    {
                        context.Status = end;
                        return;
                    }
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or InvalidOperationException)
            {
                // The data plane has closed the stream.
            }
        }
    }
}

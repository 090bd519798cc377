using System.Buffers;
using Envoy.Service.ExtProc.V3;
using ExtProc.Transport;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;

namespace ExtProc.Tests.Transport;

/// <summary>The transport seen by grpc-js, which needs node and npm.</summary>
[Trait("Run", "integrations")]
public sealed class ForeignClientTests(ForeignClientTests.Run run) : IClassFixture<ForeignClientTests.Run>
{
    private const string Processor = "envoy.service.ext_proc.v3.ExternalProcessor";

    [Theory]
    [InlineData("a unary health check")]
    [InlineData("a health check of an unknown service")]
    [InlineData("a list of all services' health")]
    [InlineData("a health watch that is cancelled")]
    [InlineData("a health watch of an unknown service")]
    [InlineData("a health watch that sees a change")]
    [InlineData("a bidirectional exchange, item by item")]
    [InlineData("an exchange that is cancelled in the middle")]
    [InlineData("one hundred streams at once on one connection")]
    [InlineData("an error with a non-ASCII message")]
    [InlineData("a deadline that passes")]
    [InlineData("a method that nobody serves")]
    [InlineData("compressed messages")]
    [InlineData("a message of 17 MiB there and back")]
    public void A_foreign_client_gets_what_gRPC_promises(string name)
    {
        Assert.True(run.Results.TryGetValue(name, out ForeignClient.Result? result), $"the client has no case \"{name}\"");
        Assert.True(result.Ok, result.Detail);
    }

    [Fact]
    public void Every_case_of_the_client_is_checked_here() => Assert.Equal(14, run.Results.Count);

    [Fact]
    public void Nothing_of_it_is_an_error_of_the_server() => Assert.Empty(run.Errors);

    /// <summary>One server and one run of the client for all cases.</summary>
    public sealed class Run : IAsyncLifetime
    {
        internal IReadOnlyDictionary<string, ForeignClient.Result> Results { get; private set; } = null!;

        internal string[] Errors { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            HealthServiceImpl? health = null;
            await using TestGrpcServer server = await TestGrpcServer.StartAsync(
                null,
                ("Fail", (_, _, _) => throw new GrpcException(StatusCode.FailedPrecondition, "Übung: 100 % — 猫 🐈\n")),
                ("StopServing", (_, _, _) =>
                {
                    health!.SetStatus(TestGrpcServer.ChangingService, HealthCheckResponse.Types.ServingStatus.NotServing);
                    return Task.CompletedTask;
                }),
                ($"/{Processor}/Process", ProcessAsync));
            health = server.Health;
            Results = await ForeignClient.RunAsync(server.Port);
            await Until.TrueAsync(() => server.Budget.Calls.Count == 0, "every call has ended");
            Errors = [.. server.Errors];
        }

        public Task DisposeAsync() => Task.CompletedTask;

        private static async Task ProcessAsync(GrpcReader reader, GrpcWriter writer, GrpcCall call)
        {
            while (await reader.WaitAsync(CancellationToken.None) && reader.TryRead(out ReadOnlySequence<byte> bytes))
            {
                ProcessingRequest request = ProcessingRequest.Parser.ParseFrom(bytes);
                ProcessingResponse response = request.RequestCase switch
                {
                    ProcessingRequest.RequestOneofCase.RequestHeaders => new ProcessingResponse { RequestHeaders = new() },
                    ProcessingRequest.RequestOneofCase.ResponseHeaders => new ProcessingResponse { ResponseHeaders = new() },
                    _ => new ProcessingResponse { RequestBody = new() },
                };
                response.WriteTo(writer.Begin(response.CalculateSize()));
                await writer.FlushAsync(CancellationToken.None);
            }
        }
    }
}

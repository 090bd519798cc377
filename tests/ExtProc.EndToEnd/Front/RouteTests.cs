using ExtProc.Abilities;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.Front;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ExtProc.EndToEnd.Front;

/// <summary>Endpoints with settings of their own, and endpoints that are chosen again.</summary>
public sealed class RouteTests
{
    private static readonly Script Marks = new()
    {
        RequestHeaders = (exchange, _) =>
        {
            exchange.RequestHeaders.Set("x-marked", $"{exchange.BodyMode(Direction.Request)}");
            return Verdict.Continue;
        },
    };

    private static readonly Script Fails = new() { RequestHeaders = (_, _) => throw new InvalidDataException("thrown as asked") };

    [Theory]
    [InlineData("/all", "Buffered sent")]
    [InlineData("/none", " sent")]
    [InlineData("/streamed", "Streamed sent")]
    public async Task An_endpoint_has_its_own_modes_or_none(string path, string body)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.Buffered) with { Does = Marks, App = Endpoints });
        foreach (ClientProtocol client in Enum.GetValues<ClientProtocol>())
        {
            Check.Ok(body, (await lab.SendAsync(client, Call.Post(path, "sent"u8.ToArray()))).Answer);
        }
    }

    [Theory]
    [InlineData("/all", 500)]
    [InlineData("/none", 200)]
    [InlineData("/open", 200)]
    public async Task An_endpoint_says_itself_whether_it_needs_the_server(string path, int status)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.Buffered) with { Does = Fails, App = Endpoints });
        Assert.Equal(status, (await lab.SendAsync(ClientProtocol.Http2, Call.Post(path, "sent"u8.ToArray()))).Answer.Status);
    }

    [Fact]
    public async Task An_endpoint_with_modes_that_cannot_work_is_refused_at_start()
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => FrontHost.StartAsync(app =>
            app.MapGet("/", () => "").WithExtProc(new ExtProcPerRoute { ProcessingMode = new() { RequestBodyMode = BodySendMode.FullDuplexStreamed } })));
        Assert.Contains("RequestTrailerMode", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The server is one that only listens: ours does not show its processors gRPC metadata.</summary>
    [Fact]
    public async Task The_server_gets_the_metadata_of_the_front_and_of_the_endpoint()
    {
        var metadata = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FrontHost server = await FrontHost.StartAsync(app => app.Run(context =>
        {
            metadata.TrySetResult($"{context.Request.Headers["x-front"]} {context.Request.Headers["x-route"]}");
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
            return Task.CompletedTask;
        }));
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.None) with
        {
            Options = options =>
            {
                options.GrpcService = new Uri($"http://127.0.0.1:{server.PortOf(ClientProtocol.Http2)}");
                options.InitialMetadata["x-front"] = "front";
            },
            App = Endpoints,
        });
        Check.Ok(" sent", (await lab.SendAsync(ClientProtocol.Http1, Call.Post("/told", "sent"u8.ToArray()))).Answer);
        Assert.Equal("front route", await metadata.Task.WaitAsync(lab.Cancel));
    }

    [Theory]
    [InlineData(BodySendMode.None, true, "b /b GET")]
    [InlineData(BodySendMode.FullDuplexStreamed, true, "b /b GET")]
    [InlineData(BodySendMode.None, false, "a /b GET")]
    public async Task A_server_has_the_endpoint_chosen_again(BodySendMode mode, bool clears, string text)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.RequestHeaders.Set(":path", "/b?x=1");
                    if (clears)
                    {
                        exchange.RouteBy("x-route", "b");
                    }

                    return Verdict.Continue;
                },
            },
            App = (app, lab) =>
            {
                app.UseExtProc(lab.Configure);
                app.MapGet("/a", (HttpContext context) => $"a {context.Request.Path} {context.Request.Method}");
                app.MapGet("/b", (HttpContext context) => $"b {context.Request.Path} {context.Request.Method}");
            },
        });
        Check.Ok(text, (await lab.SendAsync(ClientProtocol.Http1, Call.Get("/a"))).Answer);
    }

    private static void Endpoints(WebApplication app, FrontLab lab)
    {
        app.UseExtProc(lab.Configure);
        app.MapPost("/all", EchoAsync);
        app.MapPost("/none", EchoAsync).DisableExtProc();
        app.MapPost("/streamed", EchoAsync).WithExtProc(new ExtProcPerRoute { ProcessingMode = new() { RequestBodyMode = BodySendMode.Streamed } });
        app.MapPost("/open", EchoAsync).WithExtProc(new ExtProcPerRoute { FailureModeAllow = true });
        app.MapPost("/told", EchoAsync).WithExtProc(new ExtProcPerRoute { GrpcInitialMetadata = new Dictionary<string, string> { ["x-route"] = "route" } });
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        await context.Response.WriteAsync($"{context.Request.Headers["x-marked"]} {await reader.ReadToEndAsync()}");
    }
}

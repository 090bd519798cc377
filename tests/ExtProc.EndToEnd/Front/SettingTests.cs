using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;
using ExtProc.Front;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using MetadataFields = Google.Protobuf.WellKnownTypes.Struct;

namespace ExtProc.EndToEnd.Front;

/// <summary>Settings of the front, each seen in what becomes of an exchange.</summary>
public sealed class SettingTests
{
    private static readonly Call Small = Call.Post("/echo", "abc"u8.ToArray());

    [Fact]
    public async Task A_mode_that_the_server_asks_for_is_taken()
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.None) with
        {
            Options = options => options.AllowModeOverride = true,
            Declared = new() { AllowModeOverride = true, TrustModeOverride = true },
            Does = new()
            {
                Needs = needs => needs.RequestBody = BodyNeed.Whole(1000),
                RequestBody = (_, body, _) =>
                {
                    body.Replace("changed"u8);
                    return Verdict.Continue;
                },
            },
        });
        foreach (ClientProtocol client in System.Enum.GetValues<ClientProtocol>())
        {
            Check.Ok("changed", (await lab.SendAsync(client, Small with { DeclaresLength = true })).Answer);
        }
    }

    [Theory]
    [InlineData(false, 504)]
    [InlineData(true, 200)]
    public async Task A_server_that_is_late_costs_504_or_is_left_out(bool failureModeAllow, int status)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.Buffered) with
        {
            Options = options => (options.MessageTimeout, options.FailureModeAllow) = (TimeSpan.FromMilliseconds(200), failureModeAllow),
            Does = new() { RequestHeaders = Never },
        });
        var (answer, testId) = await lab.SendAsync(ClientProtocol.Http1, Small);
        Assert.Equal((status, status == 200 ? "abc" : ""), (answer.Status, answer.Text));
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [InlineData(0, 504)]
    [InlineData(20, 200)]
    public async Task More_time_is_given_up_to_the_limit(int maxSeconds, int status)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.Buffered) with
        {
            Options = options => (options.MessageTimeout, options.MaxMessageTimeout) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(maxSeconds)),
            Declared = new() { MaxMessageTimeout = TimeSpan.FromSeconds(20) },
            Does = new()
            {
                RequestHeaders = async (exchange, cancel) =>
                {
                    Assert.True(exchange.TryExtendTime(TimeSpan.FromSeconds(15)));
                    await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancel); // longer than without
                    return Verdict.Continue;
                },
            },
        });
        Assert.Equal(status, (await lab.SendAsync(ClientProtocol.Http1, Small)).Answer.Status);
    }

    [Theory]
    [InlineData(false, 500, 500)]
    [InlineData(false, 503, 503)]
    [InlineData(true, 500, 200)]
    public async Task A_server_that_fails_costs_the_status_on_error_or_is_left_out(bool failureModeAllow, int statusOnError, int status)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.Streamed) with
        {
            Options = options => (options.FailureModeAllow, options.StatusOnError) = (failureModeAllow, statusOnError),
            Does = new() { RequestHeaders = (_, _) => throw new InvalidDataException("thrown as asked") },
        });
        Assert.Equal(status, (await lab.SendAsync(ClientProtocol.Http2, Small)).Answer.Status);
    }

    [Theory]
    [InlineData(BodySendMode.Streamed, false, 500)]
    [InlineData(BodySendMode.Streamed, true, 200)]
    [InlineData(BodySendMode.Buffered, true, 200)]
    [InlineData(BodySendMode.FullDuplexStreamed, false, 500)]
    public async Task A_server_that_is_not_there_costs_500_or_is_left_out(BodySendMode mode, bool failureModeAllow, int status)
    {
        int nobody = FreePort.Next();
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            Options = options => (options.GrpcService, options.FailureModeAllow) = (new Uri($"http://127.0.0.1:{nobody}"), failureModeAllow),
        });
        foreach (ClientProtocol client in System.Enum.GetValues<ClientProtocol>())
        {
            var (answer, _) = await lab.SendAsync(client, Small);
            Assert.True(status == answer.Status && answer.CutShort is null && (status != 200 || answer.Text == "abc"), $"{answer}");
        }
    }

    [Fact]
    public async Task Attributes_are_sent_with_the_first_message_of_a_direction()
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.None) with
        {
            Options = options =>
            {
                options.RequestAttributes.Add("request.path");
                options.RequestAttributes.Add("request.protocol");
                options.ResponseAttributes.Add("response.code");
            },
            Declared = new() { RequestAttributes = ["request.path", "request.protocol"], ResponseAttributes = ["response.code"] },
            Does = new()
            {
                ResponseHeaders = (exchange, _) =>
                {
                    exchange.ResponseHeaders.Set("x-attributes", $"{exchange.Attribute("request.path")} {exchange.Attribute("request.protocol")} {exchange.Attribute("response.code")}");
                    return Verdict.Continue;
                },
                RequestHeaders = (_, _) => Verdict.Continue,
            },
        });
        Assert.Equal("/status?code=404 HTTP/2 404", (await lab.SendAsync(ClientProtocol.Http2, Call.Get("/status?code=404"))).Answer.Headers["x-attributes"]);
    }

    [Fact]
    public async Task Dynamic_metadata_goes_both_ways()
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.None) with
        {
            Options = options =>
            {
                options.ForwardingNamespaces.Add("app");
                options.ReceivingNamespaces.Add("server");
            },
            Declared = new() { ForwardingNamespaces = ["app"], ReceivingNamespaces = ["server", "other"] },
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.SetMetadata("server", "tenant", $"{exchange.Metadata("app", "tenant")}, {exchange.Metadata("hidden", "n")}");
                    exchange.SetMetadata("other", "n", 1);
                    return Verdict.Continue;
                },
            },
            App = (app, lab) =>
            {
                app.Use((context, next) =>
                {
                    context.GetDynamicMetadata()["app"] = new MetadataFields { Fields = { ["tenant"] = Value.ForString("acme") } };
                    context.GetDynamicMetadata()["hidden"] = new MetadataFields { Fields = { ["n"] = Value.ForNumber(1) } };
                    return next(context);
                });
                app.UseExtProc(lab.Configure);
                app.Run(context => context.Response.WriteAsync($"{context.GetDynamicMetadata()["server"]!.Fields["tenant"].StringValue} {context.GetDynamicMetadata()["other"] is null}"));
            },
        });
        Check.Ok("acme, not sent True", (await lab.SendAsync(ClientProtocol.Http1, Call.Get("/"))).Answer);
    }

    [Fact]
    public async Task A_header_that_is_not_forwarded_goes_past_the_server()
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.None) with
        {
            Options = options => options.ForwardRules.DisallowedHeaders.Add(new() { Prefix = "x-secret" }),
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.RequestHeaders.Set("x-saw", exchange.RequestHeaders["x-secret-key"] ?? "nothing");
                    return Verdict.Continue;
                },
            },
        });
        var (answer, testId) = await lab.SendAsync(ClientProtocol.Http1, Small with { Headers = new Fields { { "x-secret-key", "42" } } });
        Check.Ok("abc", answer);
        SeenRequest seen = await lab.SeenAsync(testId);
        Assert.Equal(("42", "nothing"), (seen.Headers["x-secret-key"], seen.Headers["x-saw"]));
    }

    [Theory]
    [InlineData(false, false, 200, "POST")]
    [InlineData(true, false, 200, "PUT")]
    [InlineData(false, true, 500, null)]
    public async Task A_change_that_is_not_allowed_is_left_out_or_fails(bool allows, bool fails, int status, string? method)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.None) with
        {
            Options = options => options.MutationRules = new() { AllowAllRouting = allows, DisallowIsError = fails },
            Declared = new() { MutationRules = new() { AllowAllRouting = true } },
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.RequestHeaders.Set(":method", "PUT");
                    return Verdict.Continue;
                },
            },
        });
        var (answer, testId) = await lab.SendAsync(ClientProtocol.Http2, Small);
        Assert.Equal(status, answer.Status);
        Assert.Equal(method, lab.Upstream.HasSeen(testId) ? (await lab.SeenAsync(testId)).Method : null);
    }

    [Fact]
    public async Task In_observability_mode_the_server_sees_all_and_costs_no_time()
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.Streamed) with
        {
            Options = options => (options.ObservabilityMode, options.DeferredCloseTimeout) = (true, TimeSpan.FromSeconds(30)),
            Declared = new() { ObservabilityMode = true },
            Does = new()
            {
                Needs = needs => needs.ReadOnly = true,
                RequestHeaders = async (_, cancel) =>
                {
                    await seen.Task.WaitAsync(cancel); // until the client has its answer
                    return Verdict.Continue;
                },
                RequestBody = (_, _, _) => Verdict.Continue,
                ResponseBody = (_, _, _) => Verdict.Continue,
            },
        });
        byte[] body = Pattern.Bytes(20_000);
        var (answer, testId) = await lab.SendAsync(ClientProtocol.Http2, Call.Post("/echo", body));
        Check.Ok(body, answer);
        seen.SetResult();
        var (completion, _) = await lab.EndOfAsync(testId);
        Assert.Equal((body.Length, body.Length), (completion.RequestBytes, completion.ResponseBytes));
    }

    [Theory]
    [InlineData(BodySendMode.Buffered, 413)]
    [InlineData(BodySendMode.BufferedPartial, 200)]
    public async Task A_request_over_the_buffer_is_refused_or_passes_in_part(BodySendMode mode, int status)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with { Options = options => options.BufferBytes = 10_000 });
        foreach (ClientProtocol client in System.Enum.GetValues<ClientProtocol>())
        {
            byte[] body = Pattern.Bytes(100_000);
            var (answer, _) = await lab.SendAsync(client, Call.Post("/collect", Pattern.Split(body, 10, 1)));
            Assert.Equal((status, status == 200 ? "upstream-body" : "Payload Too Large"), (answer.Status, answer.Text));
        }
    }

    [Theory]
    [InlineData(BodySendMode.Buffered, 500)]
    [InlineData(BodySendMode.BufferedPartial, 200)]
    public async Task A_response_over_the_buffer_is_refused_or_passes_in_part(BodySendMode mode, int status)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with { Options = options => options.BufferBytes = 10_000 });
        foreach (ClientProtocol client in System.Enum.GetValues<ClientProtocol>())
        {
            var (answer, _) = await lab.SendAsync(client, Call.Get("/bytes?n=100000&chunk=7000"));
            Check.Complete(status, status == 200 ? Pattern.Bytes(100_000) : "Internal Server Error"u8.ToArray(), answer);
        }
    }

    private static async ValueTask<Verdict> Never(Exchange exchange, CancellationToken cancel)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
        return Verdict.Continue;
    }
}

using System.IO.Compression;
using System.Text;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;
using ExtProc.Front;
using Microsoft.AspNetCore.Builder;

namespace ExtProc.EndToEnd.Front;

/// <summary>The front behind middleware that changes the response too: compression, and another front.</summary>
public sealed class CompositionTests
{
    public static TheoryData<BodySendMode, ClientProtocol> Each => ContractTests.Each;

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Compression_before_the_front_lets_events_through(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            Services = (services, _) => services.AddResponseCompression(options => options.MimeTypes = ["text/event-stream"]),
            App = (app, lab) =>
            {
                app.UseResponseCompression();
                FrontLab.Plain(app, lab);
            },
        });
        var (exchange, testId) = await lab.BeginAsync(client, Call.Get("/sse?n=2") with { Headers = new Fields { { "accept-encoding", "gzip" } } });
        lab.Upstream.StepsOf(testId).Allow();
        Assert.Equal("gzip", (await exchange.ReadHeadAsync(lab.Cancel)).Headers["content-encoding"]);
        using var compressed = new MemoryStream();
        while (Unzipped(compressed) != "data: item0\n\n")
        {
            compressed.Write(await exchange.ReadAsync(lab.Cancel));
        }

        lab.Upstream.StepsOf(testId).Allow();
        while (await exchange.ReadAsync(lab.Cancel) is { } piece)
        {
            compressed.Write(piece);
        }

        Assert.Equal("data: item0\n\ndata: item1\n\n", Unzipped(compressed));
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Two_fronts_after_each_other_show_the_server_both(BodySendMode mode, ClientProtocol client)
    {
        int seen = 0;
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            Does = new()
            {
                RequestHeaders = (exchange, _) =>
                {
                    exchange.RequestHeaders.Append("x-seen", $"{Interlocked.Increment(ref seen)}");
                    return Verdict.Continue;
                },
                ResponseHeaders = (exchange, _) =>
                {
                    exchange.ResponseHeaders.Append("x-seen", $"{Interlocked.Increment(ref seen)}");
                    return Verdict.Continue;
                },
            },
            App = (app, lab) =>
            {
                app.Use((context, next) =>
                {
                    context.Response.OnStarting(() =>
                    {
                        context.Response.Headers["x-starting"] = "outer";
                        return Task.CompletedTask;
                    });
                    return next(context);
                });
                app.UseExtProc(lab.Configure);
                app.Use((context, next) =>
                {
                    context.Response.OnStarting(() =>
                    {
                        context.Response.Headers["x-between"] = "inner";
                        return Task.CompletedTask;
                    });
                    return next(context);
                });
                FrontLab.Plain(app, lab);
            },
        });
        byte[] body = Pattern.Bytes(50_000);
        var (answer, testId) = await lab.SendAsync(client, Call.Post("/echo", body));
        Check.Ok(body, answer);
        Assert.Equal(("3,4", "outer", "inner"), (answer.Headers["x-seen"]?.Replace(", ", ",", StringComparison.Ordinal), answer.Headers["x-starting"], answer.Headers["x-between"]));
        Assert.Equal("1,2", (await lab.SeenAsync(testId)).Headers["x-seen"]);
    }

    /// <summary>As far as it can be read.</summary>
    private static string Unzipped(MemoryStream compressed)
    {
        using var text = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(compressed.ToArray()), CompressionMode.Decompress);
        byte[] buffer = new byte[1000];
        try
        {
            for (int count; (count = gzip.Read(buffer)) > 0;)
            {
                text.Write(buffer, 0, count);
            }
        }
        catch (InvalidDataException)
        {
            // The rest has not come.
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}

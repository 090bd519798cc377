using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd;

/// <summary>Every way in which a processor can treat a body, in every mode in which it is shown one, in both directions.</summary>
public sealed class InstructedBodyTests(EnvoyLab lab) : LabTests(lab)
{
    private static readonly string[] Pieces = ["aaa ", "bbb ", "ccc"];

    public static TheoryData<string, BodyMode> Modes => Cases.With(Cases.Shown);

    public static TheoryData<string, BodyMode, string, string> Treatments
    {
        get
        {
            var data = new TheoryData<string, BodyMode, string, string>();
            foreach (var (version, mode) in from version in Versions.Tested from mode in Cases.Shown select (version, mode))
            {
                data.Add(version, mode, "mutate", "AAA BBB CCC");
                data.Add(version, mode, "drop", "");
                data.Add(version, mode, "add:!", "aaa bbb ccc!");
                data.Add(version, mode, "delay:50", "aaa bbb ccc");
                if (mode == BodyMode.FullDuplexStreamed)
                {
                    data.Add(version, mode, "split:2", "aaa bbb ccc");
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Treatments))]
    public Task A_body_is_treated_as_the_processor_says(string version, BodyMode mode, string action, string expected) =>
        VisitAsync(version, Scenes.Instructed(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                var request = await visit.SendAsync(client, upstream, Instructed(Post("/collect"), $"request-body={action}"));
                Check.Ok("upstream-body", request.Answer);
                Assert.Equal(expected, (await request.SeenAsync()).Text);

                var get = Call.Get($"/text?say={string.Join(',', Pieces.Select(piece => piece.Replace(' ', '_')))}");
                var response = await visit.SendAsync(client, upstream, Instructed(get, $"response-body={action}"));
                Check.Ok(expected.Replace(' ', '_'), response.Answer);
            }
        });

    /// <summary>A body whose length the headers have promised: Envoy refuses a changed one in BUFFERED unless the length is changed too.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public Task A_body_with_content_length_may_change_its_length(string version, BodyMode mode) =>
        VisitAsync(version, Scenes.Instructed(mode), async visit =>
        {
            foreach (var (client, upstream) in Cases.Protocols)
            {
                var call = Instructed(Post("/echo?length=keep") with { DeclaresLength = true }, "request-body=add:12;response-body=add:34");
                var reply = await visit.SendAsync(client, upstream, call);
                Check.Ok("aaa bbb ccc1234", reply.Answer);
            }
        });

    /// <summary>Everything is held to the end, with the headers where the mode allows it.</summary>
    [Theory]
    [InlineData(BodyMode.Buffered)]
    [InlineData(BodyMode.FullDuplexStreamed)]
    public async Task A_body_may_be_held_whole(BodyMode mode)
    {
        foreach (string version in Versions.Tested)
        {
            await VisitAsync(version, Scenes.Holding(mode), async visit =>
            {
                foreach (var (client, upstream) in Cases.Protocols)
                {
                    var call = Post("/echo") with { Trailers = new Fields { { "x-reqt", "1" } } };
                    var reply = await visit.SendAsync(client, upstream, Instructed(call, "request-body=merge;response-body=merge"));
                    Check.Ok("aaa bbb ccc", reply.Answer);
                    Assert.Equal("1", reply.Answer.Trailers["echo-x-reqt"]);
                }
            });
        }
    }

    /// <summary>The body, even its end, may be there before the headers are answered.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public Task Headers_may_be_answered_late(string version, BodyMode mode) => VisitAsync(version, Scenes.Instructed(mode), async visit =>
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            var call = Post("/echo") with { Trailers = new Fields { { "x-reqt", "1" } } };
            var reply = await visit.SendAsync(client, upstream, Instructed(call, "request-headers=delay:200;response-headers=delay:200"));
            Check.Ok("aaa bbb ccc", reply.Answer);
            Assert.Equal("1", reply.Answer.Trailers["echo-x-reqt"]);
        }
    });

    [Theory]
    [MemberData(nameof(Modes))]
    public Task Trailers_change_in_both_directions(string version, BodyMode mode) => VisitAsync(version, Scenes.Instructed(mode), async visit =>
    {
        foreach (var (client, upstream) in Cases.Protocols)
        {
            var call = Post("/echo") with { Trailers = new Fields { { "x-reqt", "1" } } };
            var reply = await visit.SendAsync(client, upstream, Instructed(call, "request-trailers=mutate;response-trailers=mutate"));
            Check.Ok("aaa bbb ccc", reply.Answer);
            Assert.Equal("request-trailers", (await reply.SeenAsync()).Trailers["x-instructed"]);
            Assert.Equal("response-trailers", reply.Answer.Trailers["x-instructed"]);
        }
    });

    private static Call Post(string path) => Call.Post(path, [.. Pieces.Select(System.Text.Encoding.UTF8.GetBytes)]);

    private static Call Instructed(Call call, string instructions) => call with
    {
        Headers = new Fields { { "x-extproc-instruct", instructions }, { "te", "trailers" } },
    };
}

using System.Buffers;
using System.Diagnostics;
using Envoy.Service.ExtProc.V3;
using ExtProc.Attacks.Fuzz;
using ExtProc.Protocol;
using Google.Protobuf;
using Tests.Shared;
using WireMap = Envoy.Config.Core.V3.HeaderMap;

namespace ExtProc.Tests.Protocol;

/// <summary>The hand-written decoder reads what the generated class reads.</summary>
public sealed class PartDecoderTests
{
    private const int Seeds = 3000;

    [Fact]
    public void It_agrees_on_messages_with_unknown_fields_and_any_split()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = random.Request().ToByteArray();
            if (random.Next(2) == 0)
            {
                bytes = [.. random.UnknownField(), .. bytes, .. random.UnknownField()];
            }

            AssertAgree(bytes, random, seed);
        }
    }

    [Fact]
    public void It_agrees_on_messages_that_are_merged_from_two()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = [.. random.Request().ToByteArray(), .. random.Request().ToByteArray()];

            AssertAgree(bytes, random, seed);
        }
    }

    [Fact]
    public void It_agrees_on_truncated_and_mutated_messages()
    {
        for (int seed = 0; seed < Seeds * 2; seed++)
        {
            var random = new Random(seed);
            byte[] bytes = random.Request().ToByteArray();
            if (bytes.Length == 0)
            {
                continue;
            }

            if (random.Next(2) == 0)
            {
                bytes = bytes[..random.Next(bytes.Length)];
            }
            else
            {
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }
            }

            AssertAgree(bytes, random, seed);
        }
    }

    [Fact]
    public void It_agrees_on_noise()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            AssertAgree(random.Bytes(40), random, seed);
        }
    }

    [Fact]
    public void It_agrees_on_what_Envoys_said_and_on_that_changed_by_chance() => FuzzRecordings(TimeSpan.FromSeconds(2));

    [Fact]
    [Trait("Run", "all")]
    public void It_agrees_on_recordings_changed_for_two_minutes() => FuzzRecordings(TimeSpan.FromMinutes(2));

    [Fact]
    public void A_member_of_a_later_API_is_unknown_and_not_malformed()
    {
        Part part = PartDecoder.Decode(new ReadOnlySequence<byte>([0xa2, 0x01, 2, 1, 2]), ReceivedLimits.Default); // field 20, length-delimited

        Assert.Equal((PartKind.Unknown, 20), (part.Kind, part.UnknownField));
    }

    [Fact]
    public void Header_lines_agree_with_the_generated_class()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            WireMap map = random.Map();
            byte[] bytes = map.ToByteArray();
            if (random.Next(2) == 0)
            {
                bytes = [.. random.UnknownField(), .. bytes, .. random.UnknownField()];
            }

            byte[] around = [1, 2, 3, .. bytes, 4, 5];
            AssertLines(map, new HeaderLines(new ArraySegment<byte>(around, 3, bytes.Length)), seed);
        }
    }

    /// <summary>What fails says its seed and the message, which is the test to add.</summary>
    private static void FuzzRecordings(TimeSpan time)
    {
        byte[][] messages = [.. Conversation.All(Repository.PathOf("tests", "Shared", "Conversations")).SelectMany(recording => recording.Calls).SelectMany(call => call)];
        Assert.All(messages, message => AssertAgree(message, new Random(0), seed: 0));
        long started = Stopwatch.GetTimestamp();
        for (int seed = Random.Shared.Next(); Stopwatch.GetElapsedTime(started) < time; seed = unchecked(seed + 1))
        {
            var random = new Random(seed);
            byte[] message = messages[random.Next(messages.Length)];
            for (int times = random.Next(1, 4); times > 0; times--)
            {
                message = Mutation.Message(random, message);
            }

            AssertAgree(message, random, seed);
        }
    }

    /// <summary>
    /// What the generated class takes is taken, with the same meaning. What it refuses may be taken where the broken bytes lie in a
    /// part that is only read when asked for; then reading them is refused.
    /// </summary>
    private static void AssertAgree(byte[] bytes, Random random, int seed)
    {
        ReadOnlySequence<byte> sequence = random.Split(bytes);
        ProcessingRequest expected;
        try
        {
            expected = ProcessingRequest.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            try
            {
                PartDecoder.Decode(sequence, ReceivedLimits.Default);
            }
            catch (Exception refused) when (refused is MalformedMessageException || IsTooLarge(refused, bytes))
            {
            }

            return;
        }

        Part part;
        try
        {
            part = PartDecoder.Decode(sequence, ReceivedLimits.Default);
        }
        catch (Exception refused) when (IsTooLarge(refused, bytes))
        {
            return;
        }
        catch (MalformedMessageException refused)
        {
            Assert.Fail($"seed {seed}: {refused.Message} for {Convert.ToHexString(bytes)}, which is a {expected.RequestCase}");
            return;
        }

        Assert.True(Same(expected, part), $"seed {seed}: {Convert.ToHexString(bytes)} is a {expected.RequestCase}, was read as {part.Kind} {part.Direction} {part.EndOfStream} {part.ProtocolConfig}");
    }

    // Refused for what it would cost, which a small message is only where many values are broken: each counts as a hundred.
    private static bool IsTooLarge(Exception refused, byte[] bytes) => refused switch
    {
        ReceivedLimitException => bytes.Length > ReceivedLimits.Default.HeaderCount / 100 * 2,
        MalformedMessageException => bytes.Length > PartDecoder.MergedLimitBytes && refused.Message.Contains("comes twice", StringComparison.Ordinal),
        _ => false,
    };

    private static bool Same(ProcessingRequest expected, Part part)
    {
        byte[] content = part.Content.ToArray();
        (PartKind Kind, Direction Direction, bool End) of = (part.Kind, part.Direction, part.EndOfStream);
        bool sameMember = expected.RequestCase switch
        {
            ProcessingRequest.RequestOneofCase.RequestHeaders => of == (PartKind.Headers, Direction.Request, expected.RequestHeaders.EndOfStream) && SameMap(expected.RequestHeaders.Headers, content),
            ProcessingRequest.RequestOneofCase.ResponseHeaders => of == (PartKind.Headers, Direction.Response, expected.ResponseHeaders.EndOfStream) && SameMap(expected.ResponseHeaders.Headers, content),
            ProcessingRequest.RequestOneofCase.RequestBody => of == (PartKind.Body, Direction.Request, expected.RequestBody.EndOfStream) && expected.RequestBody.Body.Span.SequenceEqual(content),
            ProcessingRequest.RequestOneofCase.ResponseBody => of == (PartKind.Body, Direction.Response, expected.ResponseBody.EndOfStream) && expected.ResponseBody.Body.Span.SequenceEqual(content),
            ProcessingRequest.RequestOneofCase.RequestTrailers => of == (PartKind.Trailers, Direction.Request, false) && SameMap(expected.RequestTrailers.Trailers, content),
            ProcessingRequest.RequestOneofCase.ResponseTrailers => of == (PartKind.Trailers, Direction.Response, false) && SameMap(expected.ResponseTrailers.Trailers, content),
            _ => part.Kind is PartKind.Unknown,
        };
        return sameMember && part.ObservabilityMode == expected.ObservabilityMode && part.HasAttributes == expected.Attributes.Count > 0 && SameConfig(expected.ProtocolConfig, part.ProtocolConfig);
    }

    private static bool SameMap(WireMap? expected, byte[] content)
    {
        WireMap map = WireMap.Parser.ParseFrom(content);
        AssertLines(expected ?? new(), new HeaderLines(content), seed: -1);
        return map.Equals(expected ?? new WireMap());
    }

    private static bool SameConfig(ProtocolConfiguration? expected, ProtocolConfig? config) => expected is null
        ? config is null
        : config == new ProtocolConfig((BodySendMode)expected.RequestBodyMode, (BodySendMode)expected.ResponseBodyMode, expected.SendBodyWithoutWaitingForHeaderResponse);

    private static void AssertLines(WireMap expected, HeaderLines lines, int seed)
    {
        Assert.True(expected.Headers.Count == lines.Count, $"seed {seed}: {expected.Headers.Count} lines, {lines.Count} were found");
        for (int i = 0; i < lines.Count; i++)
        {
            var header = expected.Headers[i];
            string value = header.RawValue.Length > 0 ? header.RawValue.ToStringUtf8() : header.Value;
            Assert.True((header.Key, value) == (lines.Name(i), lines.Value(i)), $"seed {seed}: line {i} is {header}, was read as {lines.Name(i)}={lines.Value(i)}");
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ExtProc.Front.Transcripts;

namespace ExtProc.Testing.Transcripts;

/// <summary>Turns Envoy's lines of a transcript into a play.</summary>
internal static partial class TranscriptReader
{
    // A play holds its bodies whole, and one line can stand for many bytes.
    private const int MaxBodyBytes = 64 << 20;

    // Of a line that an error quotes.
    private const int MostQuoted = 200;

    /// <exception cref="FormatException">A line is not one of a transcript; the message names it.</exception>
    public static PlaySettings Apply(PlaySettings settings, string transcript)
    {
        var (request, response) = (new Script(), new Script());
        List<Direction> order = [];
        foreach ((int index, string line) in transcript.Split('\n').Select(line => line.TrimEnd()).Index().Where(line => line.Item.StartsWith('>')))
        {
            try
            {
                Match match = Sent().Match(line);
                Direction direction = match.Success ? Take(match, request, response) : throw new FormatException("not a line of a transcript; write \"> reqB(3,e) \\\"aaa\\\"\" and the like");
                order.Add(direction);
                settings = order.Count == 1 ? Configure(settings, match.Groups["rest"].Value) : settings;
            }
            catch (FormatException mistake)
            {
                throw new FormatException($"line {MessageNotation.Number(index + 1)}: {mistake.Message}: {(line.Length > MostQuoted ? line[..MostQuoted] + "..." : line)}", mistake);
            }
        }

        bool halfCloses = transcript.Contains("\n| half-close", StringComparison.Ordinal);
        return settings with
        {
            Request = request.ToTraffic(settings.Modes.RequestBodyMode),
            Response = response.ToTraffic(settings.Modes.ResponseBodyMode),
            Order = order,
            HalfCloseAfter = halfCloses ? order.Count : null,
            Modes = settings.Modes with
            {
                RequestHeaderMode = request.HasHeaders ? HeaderSendMode.Send : HeaderSendMode.Skip,
                ResponseHeaderMode = response.HasHeaders ? HeaderSendMode.Send : HeaderSendMode.Skip,
                RequestTrailerMode = request.HidesTrailers(settings.Modes.RequestBodyMode) ? HeaderSendMode.Skip : HeaderSendMode.Send,
                ResponseTrailerMode = response.HidesTrailers(settings.Modes.ResponseBodyMode) ? HeaderSendMode.Skip : HeaderSendMode.Send,
            },
        };
    }

    private static Direction Take(Match line, Script request, Script response)
    {
        Direction direction = line.Groups["way"].Value == "req" ? Direction.Request : Direction.Response;
        (direction is Direction.Request ? request : response).Take(line.Groups["kind"].Value, line.Groups["marks"].Value, line.Groups["rest"].Value);
        return direction;
    }

    private static PlaySettings Configure(PlaySettings settings, string rest)
    {
        Match config = Config().Match(rest);
        bool observed = rest.EndsWith(" observability", StringComparison.Ordinal);
        return settings with
        {
            SaysModes = config.Success,
            Modes = config.Success ? PlaySettings.ModesOf(ModeOf(config.Groups["req"].Value), ModeOf(config.Groups["res"].Value)) : settings.Modes,
            Envoy = settings.Envoy with
            {
                ObservabilityMode = observed,
                SendBodyWithoutWaitingForHeaderResponse = config.Groups["early"].Success,
            },
        };
    }

    private static BodySendMode ModeOf(string name) =>
        Enum.GetValues<BodySendMode>().FirstOrDefault(mode => ModeNames.Of(mode) == name, BodySendMode.None) is var found && ModeNames.Of(found) == name
            ? found
            : throw new FormatException($"\"{name}\" is not a body send mode");

    [GeneratedRegex("^> (?<way>req|res)(?<kind>[HBT])(\\((?<marks>[^)]*)\\))?(?<rest>.*)$")]
    private static partial Regex Sent();

    [GeneratedRegex("protocol_config\\{req=(?<req>\\w+) res=(?<res>\\w+)(?<early> without_waiting)?\\}")]
    private static partial Regex Config();

    // From the first bracket only: what does not end behind it ends behind none.
    [GeneratedRegex("^[^\\[]*\\[(?<lines>.*?)\\](?= |$)")]
    private static partial Regex Lines();

    [GeneratedRegex(" (?=:?[a-z0-9-]+=)")]
    private static partial Regex BetweenLines();

    [GeneratedRegex("<(?<count>\\d+) bytes")]
    private static partial Regex LongBody();

    [GeneratedRegex("\\\\(x(?<hex>[0-9a-f]{2})|(?<literal>[\"\\\\]))")]
    private static partial Regex Escape();

    /// <summary>One direction's lines.</summary>
    private sealed class Script
    {
        private readonly List<ReadOnlyMemory<byte>> _chunks = [];
        private KeyValuePair<string, string>[] _headers = [], _trailers = [];
        private bool _begun, _ended;
        private long _bytes;

        public bool HasHeaders { get; private set; }

        public bool HidesTrailers(BodySendMode mode) => _begun && !_ended && mode is BodySendMode.Buffered or BodySendMode.BufferedPartial;

        public void Take(string kind, string marks, string rest)
        {
            (_begun, _ended) = (true, _ended || marks.Split(',').Contains("e"));
            switch (kind)
            {
                case "H": (_headers, HasHeaders) = (LinesOf(rest), true); break;
                case "T": (_trailers, _ended) = (LinesOf(rest), true); break;
                default: Add(BytesOf(rest)); break;
            }
        }

        public Traffic? ToTraffic(BodySendMode mode)
        {
            if (!_begun)
            {
                return null;
            }

            List<int> cuts = [];
            using var body = new MemoryStream();
            foreach (ReadOnlyMemory<byte> chunk in _chunks)
            {
                body.Write(chunk.Span);
                cuts.Add((int)body.Length);
            }

            // Trailers that are not sent leave their trace in BUFFERED: a body without an end.
            return new Traffic
            {
                Headers = _headers,
                Body = _chunks.Count == 0 ? (ReadOnlyMemory<byte>?)null : body.ToArray(),
                Cuts = cuts,
                EndsOnEmptyChunk = _chunks.Count > 0 && _chunks[^1].IsEmpty,
                Trailers = HidesTrailers(mode) ? [new("x-not-sent", "1")] : _trailers,
                Unfinished = !_ended && !HidesTrailers(mode),
            };
        }

        private void Add(byte[] chunk)
        {
            _bytes += chunk.Length;
            _chunks.Add(_bytes <= MaxBodyBytes ? chunk : throw TooLong());
        }

        private static FormatException TooLong() => new($"a body is longer than {MessageNotation.Number(MaxBodyBytes)} bytes");

        private static KeyValuePair<string, string>[] LinesOf(string rest) => [.. BetweenLines()
            .Split(Lines().Match(rest).Groups["lines"].Value)
            .Where(line => line.Length > 0)
            .Select(line => line.Split('=', 2))
            .Select(sides => KeyValuePair.Create(sides[0], sides[^1]))];

        private static byte[] BytesOf(string rest)
        {
            if (LongBody().Match(rest) is { Success: true } longBody)
            {
                return int.TryParse(longBody.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= MaxBodyBytes
                    ? [.. Enumerable.Range(0, count).Select(i => (byte)('a' + (i % 26)))]
                    : throw TooLong();
            }

            int open = rest.IndexOf('"', StringComparison.Ordinal), close = rest.LastIndexOf('"');
            if (close <= open)
            {
                throw new FormatException("a body is written in quotes");
            }

            string text = Escape().Replace(rest[(open + 1)..close], escape =>
                escape.Groups["hex"].Success ? ((char)Convert.ToByte(escape.Groups["hex"].Value, 16)).ToString() : escape.Groups["literal"].Value);
            return Encoding.Latin1.GetBytes(text);
        }
    }
}

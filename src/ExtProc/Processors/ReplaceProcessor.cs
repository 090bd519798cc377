using System.ComponentModel.DataAnnotations;
using System.Text;

namespace ExtProc.Processors;

/// <summary>Options of <c>replace</c>.</summary>
public sealed record ReplaceOptions : IValidatableObject
{
    /// <summary>The text to find, as UTF-8, letter for letter; 1 to 4096 characters.</summary>
    [Length(1, 4096)]
    public required string Text { get; init; }

    /// <summary>What to put in its place; may be empty.</summary>
    public string By { get; init; } = "";

    /// <summary>In which bodies.</summary>
    public BodiesOf In { get; init; } = BodiesOf.Both;

    /// <summary>
    /// What happens when Envoy shows only the first part of a body (BUFFERED_PARTIAL over its limit). A whole one without content-length
    /// looks the same when trailers follow.
    /// </summary>
    public PartialBody Partial { get; init; } = PartialBody.Fail;

    /// <summary>Media types that are searched beside those that are known as text, such as <c>application/x-own</c> or <c>application/vnd.acme.*</c>.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>What a body without a content-type is taken for.</summary>
    public UntypedBody Untyped { get; init; } = UntypedBody.Unreadable;

    /// <summary>What is no media type.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Types.Select(BodyTypes.WhyNoPattern).OfType<string>().Select(why => new ValidationResult(why, [nameof(Types)]));
}

/// <summary>Which directions.</summary>
public enum BodiesOf
{
    /// <summary>Request and response.</summary>
    Both,

    /// <summary>Request only.</summary>
    Request,

    /// <summary>Response only.</summary>
    Response,
}

/// <summary>What becomes of a body of which only the first part is shown.</summary>
public enum PartialBody
{
    /// <summary>The part that is shown is processed, the rest passes as it is.</summary>
    Pass,

    /// <summary>The processor fails, and its <c>onError</c> decides.</summary>
    Fail,
}

/// <summary>What a body without a content-type is taken for.</summary>
public enum UntypedBody
{
    /// <summary>Something that cannot be read: <c>onError</c> says what becomes of it.</summary>
    Unreadable,

    /// <summary>Text in UTF-8.</summary>
    Text,
}

/// <summary>
/// <c>replace</c>: replaces a literal text in bodies, also where it lies across the border of two chunks. Searched are text, JSON, JSON
/// lines, server-sent events, XML, JavaScript and YAML in UTF-8, what <c>types</c> names, forms (decoded, and encoded again), multipart
/// bodies part by part, and gRPC, gRPC-Web and Connect messages in JSON one by one, with their lengths kept right. A content-encoding
/// (gzip, deflate, br) is decoded before and encoded again after. Anything else cannot be read: other types, charsets and encodings, a body without
/// a type, a range of a larger body (206), what follows an upgrade or a CONNECT. <c>onError: fail</c> and <c>respond</c> refuse it with
/// 415 (request) or 502 (response), <c>skip</c> lets it pass untouched and notes it. Not decoded are escapes within a format, such as
/// <c>\u0073</c> in JSON; headers of parts are not searched.
/// </summary>
public sealed class ReplaceProcessor(ReplaceOptions options) : Processor
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(options.Text), _by = Encoding.UTF8.GetBytes(options.By);
    private readonly TextSearch _search = new(Encoding.UTF8.GetBytes(options.Text));
    private readonly FormText _form = new(options.Text, options.By);

    /// <inheritdoc/>
    public override void DeclareNeeds(Needs needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        BodyNeed need = BodyNeed.Stream(FormText.HoldBytes(_text.Length)) with
        {
            Reads = Readable(options),
            OverLimit = options.Partial is PartialBody.Pass ? OverLimit.Cut : OverLimit.Reject,
        };
        needs.RequestBody = options.In is BodiesOf.Response ? BodyNeed.None : need;
        needs.ResponseBody = options.In is BodiesOf.Request ? BodyNeed.None : need;
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => Replace(body);

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => Replace(body);

    private static BodyTypes Readable(ReplaceOptions options) => BodyTypes.Text.And([FormText.MediaType, .. options.Types]) with
    {
        Parts = true,
        Untyped = options.Untyped is UntypedBody.Text,
        SingleByteCharsets = Ascii.IsValid(options.Text) && Ascii.IsValid(options.By),
    };

    private Verdict Replace(Body body)
    {
        if (body.MediaType is FormText.MediaType)
        {
            _form.Replace(body);
            return Verdict.Continue;
        }

        int matched = body.Seen; // what was held is what had matched
        for (int at; (at = _search.Find(body.Span, ref matched)) >= 0; matched = 0)
        {
            body.Pass(at);
            body.Drop(_text.Length);
            body.Write(_by);
        }

        body.Hold(matched); // "... sec": the next chunk may bring "ret"
        return Verdict.Continue;
    }
}

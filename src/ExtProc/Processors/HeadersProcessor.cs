using System.ComponentModel.DataAnnotations;

namespace ExtProc.Processors;

/// <summary>Options of <c>headers</c>: what to change in each direction.</summary>
public sealed record HeadersOptions
{
    /// <summary>Changes to request headers.</summary>
    public HeaderEdits Request { get; init; } = new();

    /// <summary>Changes to response headers.</summary>
    public HeaderEdits Response { get; init; } = new();
}

/// <summary>Header changes, made in this order: remove, set, append.</summary>
public sealed record HeaderEdits : IValidatableObject
{
    /// <summary>Names to remove.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>Headers to set to one line in place of all of that name.</summary>
    public IReadOnlyDictionary<string, string> Set { get; init; } = new Dictionary<string, string>();

    /// <summary>Lines to add beside others of that name.</summary>
    public IReadOnlyDictionary<string, string> Append { get; init; } = new Dictionary<string, string>();

    internal bool IsEmpty => Remove.Count + Set.Count + Append.Count == 0;

    /// <summary>What no exchange would take: names and values that HTTP forbids, headers that Envoy or this server protects.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        ConfiguredHeaders check = new(validationContext);
        return [.. check.Removals(nameof(Remove), Remove), .. check.Settings(nameof(Set), Set), .. check.Additions(nameof(Append), Append)];
    }
}

/// <summary><c>headers</c>: sets, appends and removes headers in both directions.</summary>
public sealed class HeadersProcessor(HeadersOptions options) : Processor
{
    private readonly Edits _request = new(options.Request), _response = new(options.Response);

    /// <inheritdoc/>
    public override void DeclareNeeds(Needs needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        needs.RequestHeaders = !options.Request.IsEmpty;
        needs.ResponseHeaders = !options.Response.IsEmpty;
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        _request.Apply(exchange.RequestHeaders);
        return Verdict.Continue;
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        _response.Apply(exchange.ResponseHeaders);
        return Verdict.Continue;
    }

    /// <summary>Arrays, because walking a dictionary or list through its interface makes garbage for each exchange.</summary>
    private sealed class Edits(HeaderEdits edits)
    {
        private readonly string[] _remove = [.. edits.Remove];
        private readonly KeyValuePair<string, string>[] _set = [.. edits.Set], _append = [.. edits.Append];

        public void Apply(HeaderMap headers)
        {
            foreach (string name in _remove)
            {
                headers.Remove(name);
            }

            foreach ((string name, string value) in _set)
            {
                headers.Set(name, value);
            }

            foreach ((string name, string value) in _append)
            {
                headers.Append(name, value);
            }
        }
    }
}

using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Front;

/// <summary>
/// Dynamic metadata of an exchange, by namespace. Middleware before this one can put in what the server shall see
/// (<see cref="ExtProcFilterOptions.ForwardingNamespaces"/>), the app and middleware find what it wrote. Safe for several threads.
/// </summary>
public sealed class DynamicMetadata
{
    private readonly ConcurrentDictionary<string, Struct> _namespaces = new(StringComparer.Ordinal);

    /// <summary>The fields of a namespace; null: there are none.</summary>
    public Struct? this[string filterNamespace]
    {
        get => _namespaces.GetValueOrDefault(filterNamespace);
        set
        {
            if (value is null)
            {
                _namespaces.TryRemove(filterNamespace, out _);
            }
            else
            {
                _namespaces[filterNamespace] = value;
            }
        }
    }
}

/// <summary>Finds the metadata of an exchange.</summary>
public static class DynamicMetadataExtensions
{
    /// <summary>The dynamic metadata of the exchange, made when first asked for.</summary>
    public static DynamicMetadata GetDynamicMetadata(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<DynamicMetadata>() is { } known)
        {
            return known;
        }

        var made = new DynamicMetadata();
        context.Features.Set(made);
        return made;
    }
}

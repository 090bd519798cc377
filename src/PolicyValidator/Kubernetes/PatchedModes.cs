using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>What patches make of the modes of one direction of a filter.</summary>
/// <param name="Body">The body mode; null where it is not known.</param>
/// <param name="Trailers">The trailer mode; null where it is not known.</param>
/// <param name="BodyBy">The patch that wrote the body mode; null where the filter has it of its own.</param>
/// <param name="TrailersBy">The patch that wrote the trailer mode; null where the filter has it of its own.</param>
internal sealed record PatchedModes(string? Body, string? Trailers, ListenerPatch? BodyBy, ListenerPatch? TrailersBy)
{
    /// <summary>The field that holds both.</summary>
    private const string Mode = "processing_mode";

    /// <summary>Whether a patch made a full-duplex body of it that lacks its trailers; null where that is not known.</summary>
    public bool? LacksTrailers => (BodyBy ?? TrailersBy) is null || Body is not ("FULL_DUPLEX_STREAMED" or "4") ? false : Trailers is null ? null : Trailers is not ("SEND" or "1");

    /// <summary>Where the value stands that made it so.</summary>
    public (ListenerPatch Patch, Node Node) Culprit(Direction direction) => (BodyBy ?? TrailersBy)! is var patch && patch.Field == Mode
        ? (patch, (patch.Value?[BodyBy is null ? direction.TrailerMode : direction.BodyMode] ?? patch.Value ?? patch.Operation).Node)
        : (patch!, (patch!.Value ?? patch.Operation).Node);

    /// <summary>The modes after all patches.</summary>
    /// <param name="start">The modes before.</param>
    /// <param name="patches">All patches, in their order.</param>
    /// <param name="direction">The direction.</param>
    /// <param name="isFor">Whether a patch is for this filter; null where that is not known.</param>
    public static PatchedModes After(PatchedModes start, IEnumerable<ListenerPatch> patches, Direction direction, Func<ListenerPatch, bool?> isFor)
    {
        PatchedModes modes = start;
        foreach (ListenerPatch patch in patches.Where(patch => patch.Field == Mode || patch.Field == $"{Mode}/{direction.BodyMode}" || patch.Field == $"{Mode}/{direction.TrailerMode}"))
        {
            bool? applies = isFor(patch);
            if (applies != false && patch.Op != "test")
            {
                modes = modes.Then(patch, direction, applies == true);
            }
        }

        return modes;
    }

    private PatchedModes Then(ListenerPatch patch, Direction direction, bool isSure)
    {
        PatchedModes after = this;
        if (patch.Field != $"{Mode}/{direction.TrailerMode}")
        {
            // A body mode that is not sure to be written stays what it was: what is not known is told where it is sure.
            after = isSure ? after with { Body = Written(patch, direction.BodyMode, "NONE"), BodyBy = patch } : after;
        }

        if (patch.Field != $"{Mode}/{direction.BodyMode}")
        {
            string? trailers = Written(patch, direction.TrailerMode, "SKIP");
            after = isSure || trailers == Trailers ? after with { Trailers = trailers, TrailersBy = patch } : after with { Trailers = null };
        }

        return after;
    }

    /// <summary>What a patch writes to a mode; null for what it copies or moves there.</summary>
    private static string? Written(ListenerPatch patch, string field, string byDefault) => patch.Op switch
    {
        "add" or "replace" => (patch.Field == Mode ? patch.Value?[field] : patch.Value)?.Text ?? byDefault,
        "remove" => byDefault,
        _ => null,
    };
}

using ExtProc.Configuration;

namespace ExtProc.Pipeline;

/// <summary>
/// Compares what a processor says of its time, attributes, metadata, changes and body types (<see cref="Needs"/>) with what is declared of Envoy.
/// Nothing is concluded from what is not declared.
/// </summary>
internal static class NeedsFit
{
    public static IEnumerable<PipelineProblem> Problems(StepPlan step, EnvoyDeclaration envoy) =>
        from message in (IEnumerable<string>)[.. OfTime(step, envoy), .. OfAttributes(step.Needs, envoy), .. OfMetadata(step.Needs, envoy), .. OfLength(step.Needs, envoy), .. OfTypes(step.Needs, envoy)]
        select new PipelineProblem(step.Name, step.Source, message);

    /// <summary>Envoy waits so long for one answer, and no timer runs where bodies go in full duplex or traffic is only shown.</summary>
    private static IEnumerable<string> OfTime(StepPlan step, EnvoyDeclaration envoy)
    {
        if (envoy.ProcessingMode is not { } modes || envoy.ObservabilityMode || !HasTimer(step, modes))
        {
            yield break;
        }

        TimeSpan waits = envoy.MessageTimeout ?? EnvoyDeclaration.DefaultMessageTimeout, most = envoy.MaxMessageTimeout is { } longest && longest > waits ? longest : waits;
        if (step.Needs.Time > most)
        {
            yield return $"may take {Text(step.Needs.Time)} for one call, and Envoy waits {Text(most)} for an answer; raise message_timeout in its configuration and envoy.messageTimeout, or shorten the processor's time";
        }
    }

    private static bool HasTimer(StepPlan step, ProcessingMode modes) => Enum.GetValues<Direction>().Any(direction =>
        modes.BodyMode(direction) is not BodySendMode.FullDuplexStreamed
        && (step.Needs.Headers(direction) || step.Needs.Trailers(direction) || step.Needs.Body(direction).Shape is not BodyShape.None));

    private static IEnumerable<string> OfAttributes(Needs needs, EnvoyDeclaration envoy)
    {
        if (envoy.RequestAttributes is null && envoy.ResponseAttributes is null)
        {
            yield break;
        }

        foreach (string name in needs.Attributes.Except([.. envoy.RequestAttributes ?? [], .. envoy.ResponseAttributes ?? []]))
        {
            yield return $"reads the attribute \"{name}\", which Envoy is declared not to send; add it to request_attributes in its configuration and to envoy.requestAttributes";
        }
    }

    private static IEnumerable<string> OfMetadata(Needs needs, EnvoyDeclaration envoy) =>
    [
        .. Missing(needs.MetadataRead, envoy.ForwardingNamespaces).Select(name => $"reads dynamic metadata of \"{name}\", which Envoy is declared not to send; add it to metadata_options.forwarding_namespaces.untyped and to envoy.forwardingNamespaces"),
        .. Missing(needs.MetadataWritten, envoy.ReceivingNamespaces).Select(name => $"writes dynamic metadata of \"{name}\", which Envoy is declared not to take; add it to metadata_options.receiving_namespaces.untyped and to envoy.receivingNamespaces"),
    ];

    /// <summary>A changed body needs its content-length changed or dropped, or it smuggles requests.</summary>
    private static IEnumerable<string> OfLength(Needs needs, EnvoyDeclaration envoy)
    {
        if (!envoy.AllowContentLengthHeader || needs.ReadOnly || envoy.ProcessingMode is not { } modes)
        {
            yield break;
        }

        foreach (Direction direction in Enum.GetValues<Direction>().Where(direction => needs.Body(direction).Shape is not BodyShape.None))
        {
            string side = direction is Direction.Request ? "request" : "response", found = $"may change the length of {side} bodies, and Envoy is declared to keep content-length (allowContentLengthHeader)";
            bool isStreamed = modes.BodyMode(direction) is not (BodySendMode.None or BodySendMode.Grpc or BodySendMode.Buffered);
            if (isStreamed && !modes.SendsHeaders(direction))
            {
                yield return $"{found} of headers that it does not show; use {side}_header_mode: SEND, or declare the processor's needs as ReadOnly";
            }
            else if (isStreamed && envoy.MutationRules.DisallowAll)
            {
                yield return $"{found} and to let no header be changed (mutationRules.disallowAll); drop one of the two, or declare the processor's needs as ReadOnly";
            }
        }
    }

    /// <summary>Without headers no body has a content-type, so none could be read.</summary>
    private static IEnumerable<string> OfTypes(Needs needs, EnvoyDeclaration envoy) =>
        from modes in (ProcessingMode[])(envoy.ProcessingMode is { } declared ? [declared] : [])
        from direction in Enum.GetValues<Direction>()
        let need = needs.Body(direction)
        where need is { Shape: not BodyShape.None, Reads: { IsAny: false, Untyped: false } } && !modes.SendsHeaders(direction)
        let side = direction is Direction.Request ? "request" : "response"
        select $"reads {side} bodies by their content-type, and Envoy is declared not to send {side} headers; use {side}_header_mode: SEND, or let a body without a type be read (untyped)";

    private static IEnumerable<string> Missing(IEnumerable<string> wanted, IReadOnlyList<string>? declared) => declared is null ? [] : wanted.Except(declared);

    private static string Text(TimeSpan time) => $"{time.TotalMilliseconds:0} ms";
}

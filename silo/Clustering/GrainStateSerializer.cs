using System.Text.Json;
using Orleans.Storage;

namespace OrleansCallback.Silo.Clustering;

/// <summary>Cold grain state as plain JSON: Orleans' default writes class and assembly names into the rows, which then cannot be renamed.</summary>
sealed class GrainStateSerializer : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input));

    public T Deserialize<T>(BinaryData input) =>
        JsonSerializer.Deserialize<T>(input) ?? throw new InvalidDataException($"A row of {typeof(T).Name} holds null.");
}

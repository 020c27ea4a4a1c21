using System.Globalization;
using System.Text;
using QRCoder;

namespace OrleansCallback.Web.Terminals;

/// <summary>A QR code to be drawn.</summary>
/// <param name="Text">What it says: a SIP URI with user and password (RFC 3261 section 19.1.1).</param>
/// <param name="Size">Modules on each side, the quiet zone of four included.</param>
/// <param name="Path">The dark modules as SVG path data, a module being one unit.</param>
public sealed record QrBody(string Text, int Size, string Path)
{
    /// <summary>Encodes a text; the level M of error correction stands a scratched or glaring screen.</summary>
    public static QrBody Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        for (var y = 0; y < data.ModuleMatrix.Count; y++)
            for (var x = 0; x < data.ModuleMatrix.Count; x++)
                if (data.ModuleMatrix[y][x]) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
        return new(text, data.ModuleMatrix.Count, path.ToString());
    }
}

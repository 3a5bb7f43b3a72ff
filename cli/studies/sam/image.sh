#!/usr/bin/env bash
# Makes a Lambda base image for `sam local` from this machine's own CPython, pulling nothing.
#   image.sh PYTHON TAG     PYTHON of an environment with awslambdaric and boto3
set -euo pipefail

python=$1
tag=$2
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
prefix=$("$python" -c 'import sys; print(sys.base_prefix)')
packages=$("$python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

mkdir -p "$root"/{bin,lib64,etc/ssl/certs,tmp,opt,root,proc,dev,sys,usr/bin} \
    "$root"/var/{task,runtime,rapid,lang/bin,lang/lib}
chmod 755 "$root"
chmod 1777 "$root/tmp"

# The interpreter, where Lambda has it, without what is of no use there.
cp -L "$prefix/bin/python$version" "$root/var/lang/bin/"
ln -s "python$version" "$root/var/lang/bin/python3"
tar -C "$prefix/lib" --exclude=site-packages --exclude=test --exclude=idlelib \
    --exclude='config-*' --exclude=__pycache__ -c "python$version" | tar -C "$root/var/lang/lib" -x
mkdir "$root/var/lang/lib/python$version/site-packages"
cp -a "$packages/." "$root/var/runtime/"

# What the emulator's start script calls.
for tool in sh mv cp rm chmod mkdir ls cat env; do
    cp -L "$(command -v $tool)" "$root/bin/$tool"
done
ln -s ../../bin/env "$root/usr/bin/env"

# The shared libraries of all that, and those that names are looked up with.
{
    ldd "$root"/bin/* "$prefix/bin/python$version"
    find "$prefix/lib/python$version/lib-dynload" "$root/var/runtime" -name '*.so*' -exec ldd {} +
} 2>/dev/null | sed -nE 's/^\s(.*=> )?(\/[^ ]+) \(0x.*/\2/p' | sort -u | while read -r library; do
    case $library in
        "$prefix"/*) cp -L "$library" "$root/var/lang/lib/" ;;
        *) install -D "$library" "$root$library" ;;
    esac
done
for name in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
    library=$(ldconfig -p | awk -v name="$name" '$1 == name && !found { found = 1; print $NF }')
    [ -z "$library" ] || install -D "$library" "$root$library"
done
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

cat >"$root/var/runtime/bootstrap" <<END
#!/bin/sh
export AWS_EXECUTION_ENV=AWS_Lambda_python$version
exec \${AWS_LAMBDA_EXEC_WRAPPER:-} /var/lang/bin/python$version /var/runtime/bootstrap.py
END
cat >"$root/var/runtime/bootstrap.py" <<END
import os
import sys

layer = "/opt/python"
sys.path[:1] = ["/var/task", f"{layer}/lib/python$version/site-packages", layer, "/var/runtime"]
from awslambdaric.__main__ import main

main(["awslambdaric", os.environ["_HANDLER"]])
END
chmod +x "$root/var/runtime/bootstrap"

tar -C "$root" --owner=0 --group=0 -c . | docker import -c 'WORKDIR /var/task' \
    -c 'ENV PATH=/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin LANG=C.UTF-8' \
    -c 'ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime' \
    -c 'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt' \
    -c 'ENV LD_LIBRARY_PATH=/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/task:/opt/lib' \
    - "$tag"
